interface StatusError {
  $metadata?: { httpStatusCode?: number };
  name?: string;
}

/** `If-None-Match: *` met an object: nothing was written. */
export function isPreconditionFailed(error: unknown): boolean {
  const { $metadata, name } = error as StatusError;
  return $metadata?.httpStatusCode === 412 || name === "PreconditionFailed";
}

/** Stores without conditional writes (Backblaze B2, Alibaba OSS) answer 501 NotImplemented. */
export function refusesCondition(error: unknown): boolean {
  const { $metadata, name } = error as StatusError;
  return $metadata?.httpStatusCode === 501 || name === "NotImplemented";
}
