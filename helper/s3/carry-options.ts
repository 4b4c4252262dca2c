/** What one request asks of the transport. The SDK hands on whatever `send` was given. */
export interface CarryOptions {
  abortSignal?: AbortSignal | undefined;
  /** The request, made and signed, waits for it; when it rejects, nothing is sent. */
  turn?: Promise<void> | undefined;
  /** Told of the bytes of a larger body that the network has taken so far. */
  onSent?: ((sentBytes: number) => void) | undefined;
}

/** The options as the SDK's types let them through. */
export function carryOptions(options: CarryOptions): { abortSignal?: AbortSignal } {
  return options as { abortSignal?: AbortSignal };
}
