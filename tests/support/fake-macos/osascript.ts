// An osascript that knows two scripts: the one that shows a notification, and the one that asks for a login item.
import { existsSync } from "node:fs";
import { appendJsonLine, fakeFolder, fakeSwitch, recordArguments } from "./fake-folder.ts";

const notificationScript = [
  "on run argv",
  "display notification (item 1 of argv) with title (item 2 of argv)",
  "end run",
].join("\n");
const loginItemScript =
  'function run(a){ObjC.import("ServiceManagement");return $.SMAppService.statusForLegacyURL($.NSURL.fileURLWithPath(a[0]))}';

function parse(args: string[]): { language: string; script: string; rest: string[] } {
  const lines: string[] = [];
  let language = "AppleScript";
  let at = 0;
  for (; at < args.length; at += 2) {
    if (args[at] === "-e") lines.push(args[at + 1] ?? "");
    else if (args[at] === "-l") language = args[at + 1] ?? "";
    else break;
  }
  if (args[at] === "--") at += 1;
  return { language, script: lines.join("\n"), rest: args.slice(at) };
}

/** 0 not registered, 1 enabled, 2 turned off by the person, 3 not found. */
function loginItem(plistPath = ""): string {
  return fakeSwitch("login-item") ?? (existsSync(plistPath) ? "1" : "3");
}

const { language, script, rest } = parse(recordArguments("osascript"));
if (language === "JavaScript" && script === loginItemScript) {
  process.stdout.write(`${loginItem(rest[0])}\n`);
} else if (language === "AppleScript" && script === notificationScript && rest.length >= 2) {
  // Without the person's permission it is dropped, and nothing says so.
  if (fakeSwitch("notifications") !== "off") {
    appendJsonLine(fakeFolder(), "notifications.jsonl", { body: rest[0], title: rest[1] });
  }
} else {
  process.stderr.write("0:0: execution error: The fake osascript does not know this script. (-2700)\n");
  process.exitCode = 1;
}
