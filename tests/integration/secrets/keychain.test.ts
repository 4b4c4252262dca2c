import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runTool } from "../../../helper/macos-tools/run-tool.ts";
import { findKeychain, type Keychain } from "../../../helper/secrets/keychain.ts";
import { addPasswordCommand } from "../../../helper/secrets/add-password-command.ts";
import { installFakeMacos, type FakeMacos } from "../../support/fake-macos/install-fake-macos.ts";
import { securityLines, securityWords } from "../../support/fake-macos/security-lines.ts";

// Every step is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 30_000 });

let fake: FakeMacos;
let keychain: Keychain;
beforeEach(() => {
  fake = installFakeMacos();
  keychain = findKeychain({ env: fake.env, platform: "linux" }) as Keychain;
});
afterEach(() => fake.close());

const awkwardSecrets: [string, string][] = [
  ["quotes", `a"b'c""`],
  ["backslashes", `\\a\\\\b\\"\\`],
  ["Unicode", "pässwörd 🔑 雪"],
  ["newlines and NUL", "a\nb\r\n\0c"],
  ["what looks like hex", "deadbeef"],
  ["what looks like options", "-w -U $(id) `id`; exit"],
  ["1,000 characters", "x".repeat(1000)],
  ["nothing at all but a space", " "],
];

describe("the Keychain", () => {
  it.each(awkwardSecrets)(
    "gives back a secret with %s, and invariant 9: it is never an argument",
    async (_name, secret) => {
      await keychain.write("account", secret);
      expect(await keychain.read("account")).toBe(secret);
      const base64 = Buffer.from(secret).toString("base64");
      for (const { argv } of fake.calls()) {
        expect(argv).not.toContain(secret);
        expect(argv.join(" ")).not.toContain(base64);
      }
      const [write, ...reads] = fake.calls("security").map(({ argv }) => argv);
      expect(write).toEqual(["-i"]);
      expect(reads.map(([subcommand]) => subcommand)).toEqual(["find-generic-password", "find-generic-password"]);
    },
  );

  it("replaces what was there, removes it, and knows that it is gone", async () => {
    await keychain.write("account", "first");
    await keychain.write("account", "second");
    expect(await keychain.read("account")).toBe("second");
    expect(await keychain.remove("account")).toBe(true);
    expect(await keychain.remove("account")).toBe(false);
    expect(await keychain.read("account")).toBeUndefined();
  });

  it.each(["locked", "denied", "canceled"])("says that it is locked when macOS answers %s", async (how) => {
    await keychain.write("account", "hidden-value");
    fake.set({ keychain: how });
    await expect(keychain.read("account")).rejects.toMatchObject({ code: "keychain-locked" });
    await expect(keychain.write("account", "other")).rejects.toMatchObject({ code: "keychain-locked" });
    await expect(keychain.remove("account")).rejects.toMatchObject({ code: "keychain-locked" });
  });

  it("gives up on a dialog that nobody answers", async () => {
    fake.set({ keychain: "dialog" });
    const hurried = findKeychain({ env: fake.env, platform: "linux", timeoutMs: 300 });
    await expect(hurried?.read("account")).rejects.toMatchObject({
      code: "keychain-locked",
      detail: "macOS's dialog was not answered",
    });
  });

  it("refuses an item that somebody else put there, without showing it", async () => {
    const line = addPasswordCommand("com.photolala.backup", "account", "not base64!");
    await runTool(`${fake.pathEntry}/security`, { args: ["-i"], stdin: line, childEnv: fake.env });
    const error: unknown = await keychain.read("account").catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "keychain-failed" });
    expect(String(error)).not.toContain("not base64!");
  });

  it("refuses a secret that is too long for the tool, before the tool is run and without showing it", async () => {
    const error: unknown = await keychain.write("account", "s3cret".repeat(600)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "keychain-failed" });
    expect(String(error)).not.toContain("s3cret");
    expect(fake.calls()).toEqual([]);
  });

  it("is not there where the tool is not", () => {
    expect(findKeychain({ env: { PATH: "/nonexistent" }, platform: "linux" })).toBeUndefined();
  });
});

describe("the command for `security -i`", () => {
  it("arrives as the words that were meant, whatever is in them", () => {
    const printable = fc.string({ minLength: 1, maxLength: 300, unit: "grapheme-ascii" });
    fc.assert(
      fc.property(printable, printable, printable, (service, account, secret) => {
        const lines = securityLines(addPasswordCommand(service, account, secret));
        expect(lines).toHaveLength(1);
        const words = ["add-generic-password", "-U", "-s", service, "-a", account, "-l", "Photolala Backup"];
        expect(securityWords(lines[0] ?? "")).toEqual([...words, "-w", secret]);
      }),
    );
  });

  it.each([
    ["an empty secret", ""],
    ["a newline", "a\nb"],
    ["another alphabet", "é"],
  ])("refuses %s", (_name, secret) => {
    expect(() => addPasswordCommand("service", "account", secret)).toThrow("printable ASCII");
  });

  it("takes a line of 4,094 bytes and not one more", () => {
    const room = 4094 - (addPasswordCommand("s", "a", "x").length - 2);
    expect(addPasswordCommand("s", "a", "x".repeat(room))).toHaveLength(4095);
    expect(() => addPasswordCommand("s", "a", "x".repeat(room + 1))).toThrow("too long");
  });
});
