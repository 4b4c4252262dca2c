import { expect, test } from "vitest";
import { loggableError } from "../../../helper/daemon/loggable-error.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";

test("an error is logged by name, code and place, without its message, which names files", () => {
  const error = Object.assign(new TypeError("ENOENT: no such file, open '/Users/ada/secret party.jpg'"), {
    code: "ENOENT",
    path: "/Users/ada/secret party.jpg",
  });
  const logged = loggableError(error);
  expect(logged).toMatchObject({ error: "TypeError", code: "ENOENT" });
  expect(logged.at?.length).toBeGreaterThan(0);
  expect(JSON.stringify(logged)).not.toMatch(/secret party|ada/);
  const ours = new BackupError("unknown", { detail: "/Users/ada/secret party.jpg" });
  expect(JSON.stringify(loggableError(ours))).not.toMatch(/secret party/);
  expect(loggableError("thrown: /Users/ada")).toEqual({ error: "string" });
});

test("a message of several lines does not get in through the stack", () => {
  const error = new Error("first\n    at /Users/ada/secret party.jpg (a name that looks like a place)\nits last line");
  expect(JSON.stringify(loggableError(error))).not.toContain("its last line");
});
