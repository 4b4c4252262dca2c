import { connect, type Socket } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { startLoopback, type E2eServer } from "../../support/helper-process/e2e-server.ts";
import { bucket, expectNothingRecorded, expectStopped, worldAt, type Refused } from "./attack-scene.ts";
import { startFront, startTcp } from "./hostile-front.ts";
import { makeCertificate, type Certificate } from "./make-certificate.ts";

let server: E2eServer;
beforeAll(async () => {
  server = (await startLoopback()).server;
  await server.createBucket(bucket);
});
afterAll(() => server.close());

const address = "127.0.0.1";
const days = (count: number) => new Date(Date.now() + count * 86_400_000);

interface Case extends Refused {
  certificate: Certificate;
  isTrusted: boolean;
}

const certificates: [string, Case][] = [
  [
    "nobody vouches for",
    { certificate: makeCertificate({ address }), isTrusted: false, code: "tls-failed", detail: /nobody/ },
  ],
  [
    "has run out",
    {
      certificate: makeCertificate({ address, notBefore: days(-9), notAfter: days(-2) }),
      ...{ isTrusted: true, code: "tls-failed", detail: /expired/ },
    },
  ],
  [
    "is not valid yet",
    {
      certificate: makeCertificate({ address, notBefore: days(3), notAfter: days(9) }),
      ...{ isTrusted: true, code: "tls-failed", detail: /clock/ },
    },
  ],
  [
    "is another host's",
    {
      certificate: makeCertificate({ hostName: "photos.example.com" }),
      ...{ isTrusted: true, code: "tls-failed", detail: /another name/ },
    },
  ],
];

describe("a certificate that", () => {
  test.each(certificates)("%s sends nothing to whoever shows it", async (_, { certificate, isTrusted, ...refused }) => {
    const front = await startFront({ endpoint: server.endpoint, attack: () => "pass", certificate });
    const world = await worldAt(server, front.endpoint);
    const authority = join(world.dir, "authority.pem");
    writeFileSync(authority, certificate.cert);
    if (isTrusted) world.env.NODE_EXTRA_CA_CERTS = authority;
    for (const args of [
      world.backUpArgs,
      ["buckets", "--json"],
      ["probe", ...world.destination, "--consent", "--json"],
    ])
      expectStopped(world, await world.run(args), refused);
    expect([...front.counts.keys()]).toEqual([]);
    expectNothingRecorded(world);
  });

  test("is as it should be lets everything through", async () => {
    const certificate = makeCertificate({ address });
    const front = await startFront({ endpoint: server.endpoint, attack: () => "pass", certificate });
    const world = await worldAt(server, front.endpoint);
    world.env.NODE_EXTRA_CA_CERTS = join(world.dir, "authority.pem");
    writeFileSync(world.env.NODE_EXTRA_CA_CERTS, certificate.cert);
    // The signature names the host that was asked, so the store behind takes it.
    expect(await world.backUp()).toMatchObject({ code: 0 });
  });
});

const tcp: [string, { scheme: string; onConnection: (socket: Socket) => void } & Refused][] = [
  [
    "https where the server speaks http",
    { scheme: "https", onConnection: (socket) => pipeTo(socket, server.port), code: "tls-failed", detail: /no https/ },
  ],
  [
    "https where the server answers with another protocol",
    {
      scheme: "https",
      onConnection: (socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"),
      code: "tls-failed",
      detail: /no https/,
    },
  ],
  [
    "http where the server speaks TLS",
    // What a TLS server says to the first bytes of http: a fatal alert.
    {
      scheme: "http",
      onConnection: (socket) => socket.once("data", () => socket.end(Buffer.from("15030300020246", "hex"))),
      code: "not-s3",
    },
  ],
  [
    "http where a web server wants https",
    {
      scheme: "http",
      onConnection: (socket) =>
        socket.once("data", () =>
          socket.end("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"),
        ),
      code: "not-s3",
    },
  ],
  [
    "a connection that is cut in the handshake",
    {
      scheme: "https",
      onConnection: (socket) => socket.once("data", () => socket.resetAndDestroy()),
      code: "network-down",
    },
  ],
  [
    "one that ends in the handshake",
    { scheme: "https", onConnection: (socket) => socket.once("data", () => socket.end()), code: "network-down" },
  ],
  [
    "a handshake refused by the server",
    {
      scheme: "https",
      onConnection: (socket) => socket.once("data", () => socket.end(Buffer.from("15030300020228", "hex"))),
      code: "tls-failed",
    },
  ],
];

describe("in place of TLS", () => {
  test.each(tcp)("%s", async (_, { scheme, onConnection, ...refused }) => {
    const port = await startTcp(onConnection);
    const world = await worldAt(server, `${scheme}://127.0.0.1:${port}`);
    expectStopped(world, await world.run([...world.backUpArgs, "--patience", "1"]), refused);
    expectNothingRecorded(world);
  });
});

test("a handshake that never ends is given up", async () => {
  const port = await startTcp(() => undefined);
  const destination = { endpoint: `https://127.0.0.1:${port}`, region: "us-east-1", bucket, prefix: "photos" };
  const credentials = async () => ({ accessKeyId: "key", secretAccessKey: "secret" });
  const store = new S3ObjectStore({ destination, credentials, limits: { connectMs: 100 } });
  onTestFinished(() => store.close());
  await expect(store.checkBucket()).rejects.toMatchObject({ code: "timeout", detail: "no connection was made" });
});

function pipeTo(socket: Socket, port: number): void {
  const behind = connect(port, address);
  behind.on("error", () => socket.destroy());
  socket.pipe(behind).pipe(socket);
}
