import { createServer, type AddressInfo, type Server } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startDelayProxy, type DelayProxyOptions } from "../../support/loopback-s3/delay-proxy.ts";
import { LoopbackSession } from "./loopback-session.ts";

describe("the delay proxy", () => {
  let session: LoopbackSession;
  beforeEach(async () => (session = await LoopbackSession.start()));
  afterEach(() => session.close());

  async function throughProxy(options: Omit<DelayProxyOptions, "targetPort">, body: Buffer): Promise<number[]> {
    const proxy = await startDelayProxy({ targetPort: session.s3.port, ...options });
    const far = session.as({ endpoint: proxy.endpoint });
    const elapsed: number[] = [];
    for (const key of ["first", "second"]) {
      const startedAt = performance.now();
      expect(await far.put(key, body)).toBe("200");
      elapsed.push(performance.now() - startedAt);
      expect(await session.s3.readObject("photos", key)).toEqual(body);
    }
    expect(proxy.connections).toBe(1);
    far.client.destroy();
    await proxy.close();
    return elapsed;
  }

  it("adds its delay to each direction and delivers everything in order", async () => {
    const [, second] = await throughProxy(
      { delayMs: 30 },
      Buffer.from(Array.from({ length: 500_000 }, (_, i) => i % 251)),
    );
    expect(second).toBeGreaterThanOrEqual(59);
  });

  it("holds traffic to its bandwidth", async () => {
    const [, second] = await throughProxy({ delayMs: 0, bytesPerSecond: 1_000_000 }, Buffer.alloc(200_000, 5));
    expect(second).toBeGreaterThan(190);
  });

  it("closes connections on both sides when it is closed", async () => {
    const target: Server = createServer();
    await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
    const proxy = await startDelayProxy({ targetPort: (target.address() as AddressInfo).port, delayMs: 1 });
    const arrived = new Promise<void>((resolve) =>
      target.once("connection", (socket) => socket.once("close", () => resolve())),
    );
    const request = fetch(proxy.endpoint).catch((error: unknown) => error);
    await new Promise<void>((resolve) => target.once("connection", () => resolve()));
    await proxy.close();
    await arrived;
    expect(await request).toBeInstanceOf(Error);
    target.close();
  });
});
