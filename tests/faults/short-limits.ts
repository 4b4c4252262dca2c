/** Every wait is short here: what is proved is that it ends, and in what. */
export const shortLimits = {
  connectMs: 2_000,
  idleMs: 400,
  responseMs: 400,
  completionMs: 400,
  totalMs: 5_000,
  slowestBytesPerSecond: 1e9,
  answerBytesMost: 1 << 20,
};
