/** What is looked at of an answer; HEADs have no body. */
interface SeenAnswer {
  headers?: Record<string, string | undefined>;
  body?: unknown;
}

/** Services put something of their own into every answer; whoever stands between us and them does not know it. */
const serviceHeaders = /^x-(amz|goog|guploader|oss)-/i;

/**
 * Whether an answer is a web page and no service's: a hotel's sign-in page, a proxy's refusal, a web server at this
 * address. Its status says nothing of a bucket then, 404 no more than 200.
 */
export function isWebPage({ headers = {}, body }: SeenAnswer): boolean {
  const isHtml = /^\s*(text\/html|application\/xhtml)/i.test(headers["content-type"] ?? "") || beginsAsHtml(body);
  return isHtml && !isServices(headers);
}

/** Whether an answer bears a mark of a service of S3. */
export function isServices(headers: Record<string, string | undefined>): boolean {
  return Object.keys(headers).some((name) => serviceHeaders.test(name));
}

function beginsAsHtml(body: unknown): boolean {
  if (!(body instanceof Uint8Array)) return false;
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 200)).toString("latin1");
  return /^[^<]{0,8}\s*(<\?xml[^>]*>\s*)?<(!doctype html|html)\b/i.test(start);
}
