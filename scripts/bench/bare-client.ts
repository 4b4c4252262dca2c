/*
 * The least that an upload can be, as a measure: one kept connection, a signature made by hand, the SHA-256 of the body,
 * one PutObject a file and nothing else. It asks nothing, checks nothing and remembers nothing.
 *
 *   node scripts/bench/bare-client.ts FOLDER ENDPOINT BUCKET PREFIX [same]
 *
 * `same`: each request carries what the helper's does (condition, checksum, type, metadata), so that the store has the same work.
 */
import { hash } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { Agent, request, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { signRequest } from "../../tests/support/servers/sign-request.ts";

const [folder = "", endpoint = "", bucket = "", prefix = "", kind = ""] = process.argv.slice(2);
const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "", AWS_REGION = "us-east-1" } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const { host, hostname, port } = new URL(endpoint);

/** What the helper sends with a photo, to a store that was seen to be bound by checksums. */
function helpersHeaders(sha256Hex: string, mtimeMs: number): Record<string, string> {
  return {
    "content-type": "image/jpeg",
    "if-none-match": "*",
    "x-amz-checksum-sha256": Buffer.from(sha256Hex, "hex").toString("base64"),
    "x-amz-meta-photolala-format": "1",
    "x-amz-meta-sha256": sha256Hex,
    "x-amz-meta-mtime": String(mtimeMs / 1_000),
  };
}

async function put(key: string, body: Buffer, mtimeMs: number): Promise<void> {
  const sha256Hex = hash("sha256", body);
  const isSame = kind === "same";
  const path = `/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const headers = signRequest({
    method: "PUT",
    path,
    host,
    region: AWS_REGION,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    headers: isSame ? helpersHeaders(sha256Hex, mtimeMs) : {},
    payloadHash: isSame ? "UNSIGNED-PAYLOAD" : sha256Hex,
  });
  const outgoing = request({ agent, hostname, port, path, method: "PUT", headers });
  outgoing.setHeader("content-length", body.length);
  outgoing.end(body);
  const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
  answer.resume();
  await once(answer, "end");
  if (answer.statusCode !== 200) throw new Error(`${key}: HTTP ${answer.statusCode}`);
}

const startedAt = performance.now();
const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
for (const { parentPath, name } of names) {
  const path = join(parentPath, name);
  await put(`${prefix}${path.slice(folder.length)}`, readFileSync(path), statSync(path).mtimeMs);
}
agent.destroy();
process.stdout.write(JSON.stringify({ files: names.length, elapsedMs: performance.now() - startedAt }));
