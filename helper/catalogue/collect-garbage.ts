import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | undefined;

/**
 * Lets go at once of what is garbage now. V8 itself waits until about twice as much has come together, which the
 * little garbage of uploads does not bring about for hours. Holds the event loop for some 25 ms: only while nothing is on
 * the wire.
 */
export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
}
