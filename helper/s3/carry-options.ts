/** What one request asks of the transport. The SDK hands on whatever `send` was given. */
export interface CarryOptions {
  abortSignal?: AbortSignal | undefined;
  /** The request, made and signed, waits for it; when it rejects, nothing is sent. */
  turn?: Promise<void> | undefined;
  /** Told of the bytes of a larger body that the network has taken so far. */
  onSent?: ((sentBytes: number) => void) | undefined;
  /** Told as soon as an upload's answer is whole and bears the checksum that was sent. */
  onConfirmed?: (() => void) | undefined;
}

/** The options as the SDK's types let them through. */
export function carryOptions(options: CarryOptions): { abortSignal?: AbortSignal } {
  return options as { abortSignal?: AbortSignal };
}

/** Options of requests that share their steps (`PutSender`), and so cannot each be given their own, by their bodies. */
const byBody = new WeakMap<Uint8Array, CarryOptions>();

/** Each body is on its way once, as an object of its own: the transport takes what was left for it. */
export function leaveOptions(body: Uint8Array, options: CarryOptions): void {
  byBody.set(body, options);
}

/** @returns the options that were left for this body, for one use */
export function takeOptions(body: unknown): CarryOptions | undefined {
  if (!(body instanceof Uint8Array)) return undefined;
  const options = byBody.get(body);
  byBody.delete(body);
  return options;
}
