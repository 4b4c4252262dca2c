import type { Socket } from "node:net";
import type { ServerState } from "./server-state.ts";
import { xmlDocument } from "./xml.ts";

/** Answers what isn't a whole HTTP request: 400 IncompleteBody when a body ended before its Content-Length. */
export function answerBrokenRequest(state: ServerState, error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const isIncomplete = error.code === "HPE_INVALID_EOF_STATE";
  const words = isIncomplete
    ? "The request body terminated unexpectedly"
    : "An error occurred when parsing the HTTP request.";
  const declared = isIncomplete ? state.behavior.answers.incompleteBody?.split(" ") : undefined;
  const [status = "400", code = isIncomplete ? "IncompleteBody" : "BadRequest"] = declared ?? [];
  const entry = isIncomplete ? state.underWay.get(socket) : undefined;
  if (entry) Object.assign(entry, { status: Number(status), errorCode: code });
  const body = xmlDocument("Error", [
    ["Code", code],
    ["Message", words],
  ]);
  const head = `HTTP/1.1 ${status} Bad Request\r\nContent-Type: application/xml\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\nConnection: close\r\n\r\n${body}`, () => socket.destroy());
}
