/** When a silent or endless exchange is an error. The SDK's own default is to wait forever. */
export interface TimeLimits {
  /** To open a connection, TLS included. */
  connectMs: number;
  /** Without a byte of the body taken by the network, or of the answer received. */
  idleMs: number;
  /** From the body's last byte to the answer's first, beside the time for what the system still holds of the body. */
  responseMs: number;
  /** The same for the completion of a multipart upload, for which a store may join gigabytes. */
  completionMs: number;
  /** For the whole exchange, beside the time a body takes at `slowestBytesPerSecond`. */
  totalMs: number;
  slowestBytesPerSecond: number;
  /** The largest answer that is taken into memory: 1,000 keys of the longest are 3.5 MB. Downloads are not counted. */
  answerBytesMost: number;
}

const second = 1_000;
const minute = 60 * second;

export const timeLimits: TimeLimits = {
  connectMs: 10 * second,
  idleMs: minute,
  responseMs: 2 * minute,
  completionMs: 15 * minute,
  totalMs: 5 * minute,
  slowestBytesPerSecond: 16_000,
  answerBytesMost: 6 * 1024 * 1024,
};
