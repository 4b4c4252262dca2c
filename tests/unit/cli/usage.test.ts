import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { runProgram } from "../../../helper/cli/run-program.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";

const commands = [
  "backup",
  "status",
  "verify",
  "failures",
  "failures list",
  "failures retry",
  "folders",
  "folders add",
  "folders remove",
  "folders list",
  "buckets",
  "probe",
  "consent",
  "credentials",
  "credentials set",
  "credentials test",
  "credentials remove",
  "pause",
  "resume",
  "agent",
  "agent install",
  "agent uninstall",
  "agent status",
  "run",
];

describe("--help", () => {
  test("lists every command and every exit code", async () => {
    const bench = await cliBench();
    const { exitCode, stdout, stderr } = await bench.run("--help");
    expect(exitCode).toBe(0);
    expect(stderr).toBe("");
    for (const command of commands) expect(stdout).toContain(`  ${command.split(" ")[0]} `);
    for (const code of ["0  done", "1  done, with photos", "2  wrong", "3  the destination", "4  local", "130, 143"]) {
      expect(stdout).toContain(`  ${code}`);
    }
    expect(stdout.split("\n").filter((line) => line.length > 130)).toEqual([]);
  });

  test.each(commands)("%s says what it does, on stdout, with 0", async (command) => {
    const bench = await cliBench();
    const { exitCode, stdout, stderr } = await bench.run(...command.split(" "), "--help");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toContain(`Usage: photolala ${command}`);
    expect(stdout.split("\n")[2]).toMatch(/^[a-z].{14,}/);
  });

  test("every command that ends has --json, but for those that only lead to others", async () => {
    const bench = await cliBench();
    const leading = ["failures", "folders", "credentials", "agent", "run"];
    for (const command of commands.filter((name) => !leading.includes(name))) {
      expect((await bench.run(...command.split(" "), "--help")).stdout, command).toContain("--json");
    }
  });
});

describe("wrong usage", () => {
  test.each([
    [["nonsense"]],
    [["backup", "--nonsense"]],
    [["backup", "--patience", "soon"]],
    [["backup", "--storage-class", "DEEP_ARCHIVE", "Pictures"]],
    [["backup", "--storage-class", "nonsense", "Pictures"]],
    [["verify", "--storage-class", "STANDARD"]],
    [["probe", "--storage-class", "STANDARD"]],
    [["verify", "--bucket", "my-bucket", "nowhere"]],
    [["verify", "--bucket", "my-bucket", "nowhere", "nowhere either"]],
    [["verify", "--read-data=0"]],
    [["verify", "--read-data=101"]],
    [["verify", "--read-data", "Pictures"]],
    [["failures", "--page", "0"]],
    [["failures", "--page", "1.5"]],
    [["failures", "--page", "2"]],
    [["failures", "retry", "--anyway"]],
    [["folders", "add"]],
    [["folders", "remove"]],
    [["folders", "remove", "never-chosen"]],
    [["status", "too", "many"]],
    [["backup", "--bucket"]],
    [["backup", "--bucket", "", "Pictures"]],
    [["consent", "--bucket="]],
    [["backup", "--bucket", "s3://my-bucket", "Pictures"]],
    [["backup", "--bucket", "my-bucket", "--prefix", "a//b", "Pictures"]],
    [["backup", "--bucket", "my-bucket", "--prefix", "../up", "Pictures"]],
    [["backup", "--bucket", "my-bucket", "nowhere"]],
    [["credentials"]],
    [[]],
  ])("%j ends with 2 and words on stderr, none on stdout", async (args) => {
    const bench = await cliBench();
    const { exitCode, stdout, stderr } = await bench.run(...args);
    expect(exitCode).toBe(2);
    expect(stdout).toBe("");
    expect(stderr.length).toBeGreaterThan(10);
  });

  test("a missing folder is named, by verify as by backup, with what to do", async () => {
    const bench = await cliBench();
    for (const command of ["verify", "backup"]) {
      const { exitCode, stderr } = await bench.run(command, "--bucket", "my-bucket", "nowhere");
      expect(exitCode).toBe(2);
      expect(stderr).toBe(
        "Not Done: The folder nowhere does not exist.\nCheck its name; a disk may have to be connected first.\n",
      );
    }
  });

  test("a Node that is too old is refused in words, before anything is begun", async () => {
    const bench = await cliBench();
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    expect(await runProgram(["status"], { ...bench.context, stdout, stderr }, "20.20.2")).toBe(4);
    expect(await runProgram(["status", "--json"], { ...bench.context, stdout, stderr }, "20.20.2")).toBe(4);
    expect(String(stderr.read())).toMatch(/^Node Is Too Old: .*runs in Node 20\.20\.2\.\nUse `npm run helper/);
    expect(JSON.parse(String(stdout.read()))).toMatchObject({ error: { code: "old-node" } });
  });

  test("failures before any backup claims nothing", async () => {
    const bench = await cliBench();
    expect((await bench.run("failures")).stdout).toBe("No backup has run yet, so nothing could fail.\n");
  });

  test("verify says why a storage class means nothing to it, and does not offer one", async () => {
    const bench = await cliBench();
    const { stderr } = await bench.run("verify", "--storage-class", "STANDARD");
    expect(stderr).toContain("It is for new photos, and `verify` sends none. Leave it out.");
    expect((await bench.run("verify", "--help")).stdout).not.toContain("storage-class");
    expect((await bench.run("backup", "--help")).stdout).toContain("--storage-class");
  });

  test.each([
    [["backup", "--nonsense", "--json"]],
    [["backup", "--bucket", "my-bucket", "nowhere", "--json"]],
    [["failures", "retry", "--anyway", "--json"]],
    [["folders", "remove", "never-chosen", "--json"]],
  ])("%j prints exactly one object", async (args) => {
    const bench = await cliBench();
    const answer = await bench.run(...args);
    expect(answer.exitCode).toBe(2);
    expect(answer.json()).toMatchObject({
      error: { code: "usage", what: expect.any(String), mend: expect.any(String) },
    });
  });
});

test("--version prints it", async () => {
  const bench = await cliBench();
  expect(await bench.run("--version")).toMatchObject({ exitCode: 0, stdout: "1.2.3\n" });
});

test("run hands over to the daemon and ends with its code", async () => {
  const bench = await cliBench({ runDaemon: async () => 4 });
  expect((await bench.run("run")).exitCode).toBe(4);
});
