import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runTool, type ToolResult } from "../../../helper/macos-tools/run-tool.ts";
import { installFakeMacos, type FakeMacos } from "../../support/fake-macos/install-fake-macos.ts";

// What a Mac's /usr/bin/security answers, to the letter of the facts the fake was written from.

// Every step is a process of its own, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 30_000 });

let fake: FakeMacos;
beforeEach(() => {
  fake = installFakeMacos();
});
afterEach(() => fake.close());

function run(args: string[], stdin?: string): Promise<ToolResult> {
  return runTool(join(fake.pathEntry, "security"), { args, stdin, childEnv: fake.env });
}

const security = (...args: string[]) => run(args);
const interactive = (input: string) => run(["-i"], input);

describe("security", () => {
  const missing = "security: SecKeychainSearchCopyNext: The specified item could not be found in the keychain.\n";
  const duplicate =
    "security: SecKeychainItemCreateFromContent (<default>): The specified item already exists in the keychain.\n";
  const item = ["-s", "service", "-a", "account"];

  it.each([
    ["find", ["find-generic-password", ...item, "-w"], 44, missing],
    ["delete", ["delete-generic-password", ...item], 44, `${missing}password has been deleted.\n`],
    ["an unknown option", ["find-generic-password", "-?"], 2, "Usage: security command\n"],
  ])("with no item: %s", async (_name, args, exitCode, stderr) => {
    expect(await security(...args)).toMatchObject({ exitCode, stderr, stdout: "" });
  });

  it("keeps, refuses a second, replaces with -U, and deletes", async () => {
    const add = ["add-generic-password", ...item, "-w"];
    expect(await security(...add, "first")).toMatchObject({ exitCode: 0 });
    expect(await security(...add, "second")).toMatchObject({ exitCode: 45, stderr: duplicate });
    expect(await security("add-generic-password", "-U", ...item, "-w", "third")).toMatchObject({ exitCode: 0 });
    expect((await security("find-generic-password", ...item, "-w")).stdout).toBe("third\n");
    expect(await security("delete-generic-password", ...item)).toMatchObject({
      exitCode: 0,
      stderr: "password has been deleted.\n",
    });
  });

  it.each([
    ["plain ASCII as it is", "abc ~", "abc ~\n"],
    ["anything else as hex", "é\n", "c3a90a\n"],
  ])("prints %s", async (_name, password, printed) => {
    await security("add-generic-password", ...item, "-w", password);
    expect((await security("find-generic-password", ...item, "-w")).stdout).toBe(printed);
  });

  it("keeps an empty password where -w was left out", async () => {
    expect(await security("add-generic-password", ...item)).toMatchObject({ exitCode: 0 });
    expect((await security("find-generic-password", ...item, "-w")).stdout).toBe("\n");
  });

  it.each([
    ["locked", 36],
    ["denied", 51],
    ["canceled", 128],
  ])("refuses without a word when it is %s", async (keychain, exitCode) => {
    await security("add-generic-password", ...item, "-w", "x");
    fake.set({ keychain });
    expect(await security("find-generic-password", ...item, "-w")).toMatchObject({ exitCode, stderr: "", stdout: "" });
  });

  const line = (password: string, more = "") => `add-generic-password ${more} -s s -a a -w "${password}"`;
  it.each([
    ["takes a quoted line", `${line('q\\"b\\\\')}\n`, 0, 'q"b\\'],
    ["drops a last line without a newline", line("lost"), 0, undefined],
    ["ends with the last command's code", `${line("a")}\n${line("b")}\n`, 45, "a"],
    ["is fine again after a blank line", `${line("a")}\n${line("b")}\n\n`, 0, "a"],
    ["drops arguments beyond 32", `${line("x", "-U ".repeat(27))}\n`, 0, ""],
  ])("-i %s", async (_name, input, exitCode, kept) => {
    expect((await interactive(input)).exitCode).toBe(exitCode);
    expect(fake.keychainItem("a")).toBe(kept);
  });

  it("-i runs the rest of a line beyond its buffer as a command and shows it", async () => {
    const whole = line("");
    const { exitCode, stderr } = await interactive(`${line("y".repeat(4094 - whole.length))}\n`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const longer = await interactive(`${line("y".repeat(4100 - whole.length), "-U")}\n`);
    expect(longer.exitCode).not.toBe(0);
    expect(longer.stderr).toContain("yyyy");
  });

  it("-i tells a failed command's status", async () => {
    expect((await interactive(`${line("a")}\n${line("b")}\n`)).stderr).toBe(
      `${duplicate}add-generic-password: returned -25299\n`,
    );
  });
});
