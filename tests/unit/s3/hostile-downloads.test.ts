import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server } from "node:net";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import type { TimeLimits } from "../../../helper/s3/time-limits.ts";
import { Transport } from "../../../helper/s3/transport.ts";

/** Long enough to be out of the way of the one limit that a test is about. */
const longMs = 60_000;
const piece = Buffer.alloc(100_000, "x");

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function storeBefore(listener: RequestListener, limits: Partial<TimeLimits> = {}) {
  const server = createServer(listener);
  const store = new S3ObjectStore({
    destination: { endpoint: await listen(server), region: "us-east-1", bucket: "photos", prefix: "p" },
    credentials: async () => ({ accessKeyId: "key", secretAccessKey: "secret" }),
    limits: { connectMs: longMs, idleMs: longMs, responseMs: longMs, totalMs: longMs, ...limits },
  });
  onTestFinished(() => (store.close(), server.closeAllConnections()));
  return store;
}

test("a download that creeps on byte by byte is given up, though it never stops", async () => {
  const store = await storeBefore(
    (_, response) => {
      response.writeHead(200, { etag: '"e"', "content-length": 1_000_000 });
      const creeping = setInterval(() => response.write("x"), 5);
      response.on("close", () => clearInterval(creeping));
    },
    { totalMs: 150, slowestBytesPerSecond: 1e6 },
  );
  const found = await store.read("p/a.jpg");
  await expect(found?.body.toArray()).rejects.toMatchObject({ code: "timeout" });
});

test("a download that is fast enough may take longer than that", async () => {
  const store = await storeBefore(
    (_, response) => {
      response.writeHead(200, { etag: '"e"', "content-length": piece.length * 5 });
      response.write(piece);
      let left = 4;
      const more = setInterval(() => (left-- > 0 ? response.write(piece) : (clearInterval(more), response.end())), 50);
    },
    { totalMs: 100, slowestBytesPerSecond: 100_000 },
  );
  const found = await store.read("p/a.jpg");
  expect(Buffer.concat((await found?.body.toArray()) as Buffer[])).toHaveLength(500_000);
});

test.each([
  ["without an ETag", {}],
  ["with a date that is none", { etag: '"e"', "last-modified": "garbage" }],
])("objects %s do not hold on to the few connections there are", async (_, headers) => {
  const store = await storeBefore((_request, response) => {
    response.writeHead(200, { ...headers, "content-length": 5_000_000 });
    Readable.from(Array.from({ length: 50 }, () => piece)).pipe(response);
  });
  for (let time = 1; time <= 6; time += 1) {
    await expect(store.read("p/a.jpg")).rejects.toMatchObject({ code: "not-s3" });
  }
});

test("an answer that is none ends with its connection, not with the longest wait", async () => {
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => socket.write("HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"));
  });
  const { hostname, port } = new URL(await listen(server));
  const transport = new Transport({ maxSockets: 1 });
  onTestFinished(() => transport.destroy());
  const request = { method: "GET", protocol: "http:", hostname, port: Number(port), path: "/", headers: {} };
  await expect(transport.handle(request)).rejects.toMatchObject({ code: "ECONNRESET" });
});

test("a completion may take its fifteen minutes, though everything else has five", async () => {
  const server = createServer((_, response) => void setTimeout(() => response.end("joined"), 300));
  const { hostname, port } = new URL(await listen(server));
  const transport = new Transport({ maxSockets: 1, limits: { totalMs: 100, responseMs: 100, completionMs: longMs } });
  onTestFinished(() => transport.destroy());
  const request = { protocol: "http:", hostname, port: Number(port), path: "/", headers: {} };
  const completion = transport.handle({ ...request, method: "POST", query: { uploadId: "u" } });
  await expect(completion).resolves.toMatchObject({ response: { statusCode: 200 } });
});
