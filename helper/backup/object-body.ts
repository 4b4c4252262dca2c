import type { Readable } from "node:stream";
import type { ObjectHead } from "./object-store.ts";

/** An object being downloaded. Whoever takes the body reads it to its end or destroys it. */
export interface ObjectBody {
  head: ObjectHead;
  body: Readable;
}
