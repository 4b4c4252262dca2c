import { createHash, createHmac } from "node:crypto";

interface RequestToSign {
  method: string;
  /** Percent-encoded, without a query. */
  path: string;
  host: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Lower-case names; all of them are signed. */
  headers?: Record<string, string>;
  /** Hex SHA-256 of the body, or UNSIGNED-PAYLOAD. */
  payloadHash: string;
  now?: Date;
}

/** The headers of a request with an AWS Signature Version 4, made by hand for requests that no SDK would send. */
export function signRequest(request: RequestToSign): Record<string, string> {
  const timestamp = (request.now ?? new Date()).toISOString().replace(/[-:]|\.\d+/g, "");
  const headers: Record<string, string> = {
    ...request.headers,
    host: request.host,
    "x-amz-date": timestamp,
    "x-amz-content-sha256": request.payloadHash,
  };
  const names = Object.keys(headers).sort();
  const canonicalHeaders = names.map((name) => `${name}:${headers[name] ?? ""}\n`).join("");
  const signedHeaders = names.join(";");
  const canonical = [request.method, request.path, "", canonicalHeaders, signedHeaders, request.payloadHash].join("\n");
  const date = timestamp.slice(0, 8);
  const scope = `${date}/${request.region}/s3/aws4_request`;
  const digest = createHash("sha256").update(canonical).digest("hex");
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const key = hmac(hmac(hmac(hmac(`AWS4${request.secretAccessKey}`, date), request.region), "s3"), "aws4_request");
  const signature = hmac(key, ["AWS4-HMAC-SHA256", timestamp, scope, digest].join("\n")).toString("hex");
  const credential = `Credential=${request.accessKeyId}/${scope}`;
  headers.authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  return headers;
}
