/** Large enough to be sent in parts, small enough for a thousand of them: the sizes of a real life, divided by 512. */
export const largeFiles = { cutoffBytes: 128 * 1024, partBytes: 32 * 1024, partsMost: 10_000 };

/** The loopback takes parts of this size then. */
export const smallParts = { minPartBytes: largeFiles.partBytes };
