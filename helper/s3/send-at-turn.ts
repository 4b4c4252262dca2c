import type { PreparedSend } from "../backup/prepared-send.ts";

/**
 * Makes and signs a request at once, and sends it when it is told to.
 * @param put sends it when the turn it is given has come, and not at all when that is rejected
 */
export function sendAtTurn<Outcome>(put: (turn: Promise<void>) => Promise<Outcome>): PreparedSend<Outcome> {
  const turn = Promise.withResolvers<void>();
  const outcome = put(turn.promise);
  // Both are met by `send`; what is given up has nobody to tell.
  for (const promise of [turn.promise, outcome]) promise.catch(() => undefined);
  const send = (): Promise<Outcome> => {
    turn.resolve();
    return outcome;
  };
  return { send, discard: () => turn.reject(new Error("Given up before it was sent")) };
}
