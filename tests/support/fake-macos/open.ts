// An open that opens nothing and writes down what it was asked to.
import { appendJsonLine, fakeFolder, fakeSwitch, recordArguments } from "./fake-folder.ts";

const args = recordArguments("open");
const target = args.at(-1) ?? "";
if (fakeSwitch("open") === "no-handler") {
  process.stderr.write(
    `No application knows how to open URL ${target} (Error Domain=NSOSStatusErrorDomain Code=-10814).\n`,
  );
  process.exitCode = 1;
} else {
  appendJsonLine(fakeFolder(), "opened.jsonl", args);
}
