interface StatusError {
  $metadata?: { httpStatusCode?: number };
  name?: string;
  message?: string;
}

/** `If-None-Match: *` met an object: nothing was written. */
export function isPreconditionFailed(error: unknown): boolean {
  const { $metadata, name } = error as StatusError;
  return $metadata?.httpStatusCode === 412 || name === "PreconditionFailed";
}

/** Stores without conditional writes answer 501 NotImplemented (Backblaze B2, Alibaba OSS) or a 400 that names the header. */
export function refusesCondition(error: unknown): boolean {
  const { $metadata, name, message } = error as StatusError;
  if ($metadata?.httpStatusCode === 501 || name === "NotImplemented") return true;
  return $metadata?.httpStatusCode === 400 && /if-none-match|conditional (write|request)s? /i.test(message ?? "");
}

/** Another write of the key came at the same moment: AWS wants the upload to be begun anew. Other conflicts pass. */
export function isConditionalConflict(error: unknown): boolean {
  return (error as StatusError).name === "ConditionalRequestConflict";
}
