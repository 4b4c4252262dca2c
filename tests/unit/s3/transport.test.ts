import { createServer, type RequestListener } from "node:http";
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from "node:net";
import { Readable } from "node:stream";
import { describe, expect, onTestFinished, test } from "vitest";
import type { TimeLimits } from "../../../helper/s3/time-limits.ts";
import { Transport } from "../../../helper/s3/transport.ts";
import { openLoopbackStore } from "../../support/engine/open-loopback-store.ts";
import { uploadOf } from "../../support/engine/upload-of.ts";

/** Long enough to be out of the way of the one limit that a test is about. */
const longMs = 60_000;

const openStore = (limits: Partial<TimeLimits>) =>
  openLoopbackStore({ limits: { connectMs: longMs, idleMs: longMs, responseMs: longMs, totalMs: longMs, ...limits } });

const hello = Buffer.from("hello");
const large = Buffer.alloc(24 * 1024 * 1024, "abc");
const putObject = { operation: "PutObject" } as const;

describe("an upload that is stuck is given up as a timeout", () => {
  test("when no byte of a held body is taken", async () => {
    const { s3, store } = await openStore({ idleMs: 200 });
    s3.faults.add({ kind: "stall-mid-body", afterBytes: 1_000_000, match: putObject });
    await expect(store.put(uploadOf(large))).rejects.toMatchObject({
      code: "timeout",
      detail: expect.stringContaining("body") as string,
    });
    s3.faults.assertAllFired();
    // The connection that was stuck is gone: the next body has one of its own.
    expect(await store.put(uploadOf(hello))).toMatchObject({ kind: "stored" });
  });

  test("when no byte of a streamed body is taken", async () => {
    const { s3, store } = await openStore({ idleMs: 200 });
    s3.faults.add({ kind: "stall-mid-body", afterBytes: 1_000_000, match: putObject });
    const body = () => Readable.from([large.subarray(0, 5_000_000), large.subarray(5_000_000)], { objectMode: false });
    await expect(store.put(uploadOf(large, { body }))).rejects.toMatchObject({
      code: "timeout",
      detail: expect.stringContaining("body") as string,
    });
    expect(await store.put(uploadOf(hello))).toMatchObject({ kind: "stored" });
  });

  test("when the body is through and no answer comes", async () => {
    const { s3, store } = await openStore({ responseMs: 100, slowestBytesPerSecond: 1e12 });
    s3.faults.add({ kind: "stall", match: putObject });
    await expect(store.put(uploadOf(hello))).rejects.toMatchObject({
      code: "timeout",
      detail: expect.stringContaining("answer") as string,
    });
  });

  test("when it creeps on, but would take forever", async () => {
    const { s3, store } = await openStore({ totalMs: 100, slowestBytesPerSecond: 1e12 });
    s3.faults.add({ kind: "slow", bytesPerSecond: 2_000_000, match: putObject });
    await expect(store.put(uploadOf(large))).rejects.toMatchObject({
      code: "timeout",
      detail: expect.stringContaining("whole") as string,
    });
  });
});

test("a body whose stream ends early, or breaks, is the stream's error", async () => {
  const { s3, store } = await openStore({});
  async function* broken() {
    yield large.subarray(0, 3_000_000);
    throw new Error("the disk is gone");
  }
  const body = () => Readable.from(broken(), { objectMode: false });
  await expect(store.put(uploadOf(large, { body }))).rejects.toThrow("the disk is gone");
  expect(s3.objects("photos")).toEqual([]);
});

describe("an answer is not waited for, nor taken, without end", () => {
  test("one that never ends is cut off at the cap", async () => {
    const chunk = Buffer.alloc(100_000, "x");
    let sentBytes = 0;
    const url = await serve((_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length;
      };
      response.on("drain", more).writeHead(200);
      more();
    });
    await expect(ask(url, { answerBytesMost: 1_000_000 })).rejects.toMatchObject({
      code: "not-s3",
      detail: expect.stringContaining("no end") as string,
    });
    expect(sentBytes).toBeLessThan(50_000_000);
  });

  test("one that stops half-way is a timeout", async () => {
    const url = await serve((_, response) => void response.writeHead(200, { "content-length": 9 }).write("half"));
    await expect(ask(url, { idleMs: 100 })).rejects.toMatchObject({
      code: "timeout",
      detail: expect.stringContaining("stopped") as string,
    });
  });

  test("one that drips is a timeout in the end", async () => {
    const url = await serve((_, response) => {
      const drip = setInterval(() => response.write("<"), 5);
      response.writeHead(200).on("close", () => clearInterval(drip));
    });
    await expect(ask(url, { totalMs: 150 })).rejects.toMatchObject({
      code: "timeout",
      detail: expect.stringContaining("whole") as string,
    });
  });

  test("one that is broken off is an error of the network", async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": 9 }).write("half", () => response.destroy());
    });
    await expect(ask(url, {})).rejects.toMatchObject({ code: "ECONNRESET" });
  });

  test("a download that stops is a timeout", async () => {
    const { s3, store } = await openStore({ idleMs: 150 });
    s3.putObjectDirectly("photos", "p/a.jpg", large);
    s3.faults.add({ kind: "stall-mid-body", afterBytes: 1_000_000, match: { operation: "GetObject" } });
    const read = await store.read("p/a.jpg");
    await expect(read?.body.toArray()).rejects.toMatchObject({ code: "timeout" });
  });
});

test("what comes before an answer may be some words, not a flood of them", async () => {
  const flood = async (times: number) => {
    const server = createTcpServer((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 102 Processing\r\n\r\n".repeat(times));
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
      });
      socket.on("error", () => undefined);
    });
    return (await listen(server)).port;
  };
  const { response } = await ask(await flood(3), {});
  expect(response.statusCode).toBe(200);
  await expect(ask(await flood(10_000), {})).rejects.toMatchObject({ code: "not-s3" });
});

test("a completion has its own, longer time to be answered", async () => {
  const url = await serve((_, response) => setTimeout(() => response.end("<Done/>"), 150));
  const completion = { method: "POST", query: { uploadId: "1" } };
  await expect(ask(url, { responseMs: 50, completionMs: longMs }, completion)).resolves.toMatchObject({
    response: { statusCode: 200 },
  });
  await expect(ask(url, { responseMs: 50 })).rejects.toMatchObject({ code: "timeout" });
});

test("a refusal before the body is through ends the upload at once, and its connection", async () => {
  const url = await serve((_, response) => void response.writeHead(403).end("<Error/>"));
  const answer = ask(url, { idleMs: longMs }, { method: "PUT", body: large });
  await expect(answer).resolves.toMatchObject({ response: { statusCode: 403, body: Buffer.from("<Error/>") } });
});

test("a connection that is never made is a timeout", async () => {
  const { port } = await listen(createTcpServer((socket) => void sockets.add(socket)));
  const transport = new Transport({ maxSockets: 1, limits: { connectMs: 100 } });
  onTestFinished(() => transport.destroy());
  // Nobody on the other side speaks TLS.
  const request = { method: "GET", protocol: "https:", hostname: "127.0.0.1", port, path: "/", headers: {} };
  await expect(transport.handle(request)).rejects.toMatchObject({
    code: "timeout",
    detail: expect.stringContaining("connection") as string,
  });
});

test("an abort while it waits for the connection sends nothing", async () => {
  const seen: (string | undefined)[] = [];
  const url = await serve(({ url: path }) => void seen.push(path));
  const transport = transportFor({});
  const first = new AbortController();
  const second = new AbortController();
  const answers = [first, second].map(({ signal }, index) =>
    transport.handle(requestTo(url, { path: `/${index}` }), { abortSignal: signal }),
  );
  second.abort();
  await expect(answers[1]).rejects.toMatchObject({ name: "AbortError" });
  first.abort();
  await expect(answers[0]).rejects.toMatchObject({ name: "AbortError" });
  expect(seen).not.toContain("/1");
});

const sockets = new Set<Socket>();

async function listen(server: Server): Promise<AddressInfo> {
  server.on("connection", (socket: Socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return server.address() as AddressInfo;
}

async function serve(listener: RequestListener): Promise<number> {
  return (await listen(createServer(listener))).port;
}

function transportFor(limits: Partial<TimeLimits>): Transport {
  const transport = new Transport({ maxSockets: 1, limits });
  onTestFinished(() => transport.destroy());
  return transport;
}

function requestTo(port: number, changes: object = {}) {
  return { method: "GET", protocol: "http:", hostname: "127.0.0.1", port, path: "/", headers: {}, ...changes };
}

function ask(port: number, limits: Partial<TimeLimits>, changes: object = {}) {
  return transportFor(limits).handle(requestTo(port, changes));
}
