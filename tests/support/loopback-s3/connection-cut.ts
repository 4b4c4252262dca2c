/** The connection ends without an answer: a fault cut it, or the client is gone. */
export class ConnectionCut extends Error {
  constructor() {
    super("The connection was cut");
    this.name = "ConnectionCut";
  }
}
