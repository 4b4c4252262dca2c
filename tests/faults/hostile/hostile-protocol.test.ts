import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { ReasonCode } from "../../../helper/state/errors/reasons.ts";
import { answering, on, saying, type Attack, type Met } from "./hostile-front.ts";
import { expectHarmless, expectNothingRecorded, expectStopped, hostileScene, photoNames } from "./hostile-scene.ts";

const xml = { "content-type": "application/xml" };
const listing = (inside: string) => `<ListBucketResult><Name>photos-of-mine</Name>${inside}</ListBucketResult>`;
const laughs = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">${[..."bcdefghij"]
  .map((name, at) => `<!ENTITY ${name} "${`&${"abcdefghij"[at]};`.repeat(10)}">`)
  .join("")}]>${listing("<Prefix>&j;</Prefix>")}`;
const hugeEntity = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "${"a".repeat(50_000)}">]>${listing(`<Prefix>${"&a;".repeat(50_000)}</Prefix>`)}`;

/** Goes on for as long as the other side listens. */
const forever =
  (head: string, piece: string): Attack =>
  ({ request, socket }: Met) => {
    request.resume();
    socket.write(head);
    const more = () => {
      while (socket.writable && socket.write(piece));
      if (socket.writable) socket.once("drain", more);
    };
    more();
  };

/** What no service says, for whatever it is asked. */
const answers: Record<string, { attack: Attack; codes: readonly ReasonCode[] }> = {
  "no HTTP": { attack: saying("SSH-2.0-OpenSSH_9.6\r\n"), codes: ["not-s3"] },
  "binary noise": { attack: saying(Buffer.alloc(4_096, 0x93)), codes: ["not-s3"] },
  "HTTP/1.0 without a length": {
    attack: saying("HTTP/1.0 200 OK\r\n\r\n", (socket) => socket.end()),
    codes: ["not-s3"],
  },
  "headers of 64 kB": {
    attack: saying(`HTTP/1.1 200 OK\r\nX-Bomb: ${"b".repeat(65_536)}\r\n\r\n`),
    codes: ["not-s3"],
  },
  "a thousand headers": {
    attack: saying(`HTTP/1.1 200 OK\r\n${"X-Bomb: 12345678\r\n".repeat(1_000)}Content-Length: 0\r\n\r\n`),
    codes: ["not-s3"],
  },
  "headers without end": {
    attack: forever("HTTP/1.1 200 OK\r\n", `X-Bomb: ${"b".repeat(1_000)}\r\n`),
    codes: ["not-s3"],
  },
  "pieces without end": {
    attack: forever("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", `4000\r\n${" ".repeat(16_384)}\r\n`),
    codes: ["not-s3"],
  },
  "a piece of no size": {
    attack: saying("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\nhello\r\n"),
    codes: ["not-s3"],
  },
  "two lengths": {
    attack: saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello"),
    codes: ["not-s3"],
  },
  "a length and pieces": {
    attack: saying("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    codes: ["not-s3"],
  },
  "a longer length than it sends": {
    attack: saying("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<a/>", (socket) => socket.end()),
    codes: ["network-down"],
  },
  "a flood of 100s": { attack: saying("HTTP/1.1 100 Continue\r\n\r\n".repeat(20_000)), codes: ["not-s3"] },
  "a flood of 103s": {
    attack: saying(`HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n`.repeat(20_000)),
    codes: ["not-s3"],
  },
  "another protocol from here on": {
    attack: saying("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    codes: ["network-down"],
  },
  "status 999": { attack: saying("HTTP/1.1 999 No\r\nContent-Length: 0\r\n\r\n"), codes: ["server-error"] },
  "gzip nobody asked for": {
    attack: answering(200, { ...xml, "content-encoding": "gzip" }, gzipSync(listing(""))),
    codes: ["not-s3"],
  },
  "a gzip bomb": {
    attack: answering(200, { ...xml, "content-encoding": "gzip" }, gzipSync(Buffer.alloc(50_000_000))),
    codes: ["not-s3"],
  },
  "XML that is not closed": { attack: answering(200, xml, "<ListBucketResult><Name>photos"), codes: ["not-s3"] },
  "XML as deep as it is long": { attack: answering(200, xml, "<a>".repeat(100_000)), codes: ["not-s3"] },
  "a billion laughs": { attack: answering(200, xml, laughs), codes: ["not-s3"] },
  "one entity of 2.5 GB": { attack: answering(200, xml, hugeEntity), codes: ["not-s3"] },
  "an error with a code like a prototype": {
    attack: answering(400, xml, "<Error><Code>__proto__</Code><__proto__><a>1</a></__proto__></Error>"),
    codes: ["not-s3"],
  },
  "a reset": { attack: ({ socket }) => void socket.resetAndDestroy(), codes: ["network-down"] },
  "the end, without a word": { attack: ({ socket }) => void socket.end(), codes: ["network-down"] },
  "nothing at all": { attack: ({ request }) => void request.resume(), codes: ["timeout"] },
};

describe("invariant 8: an answer that is none: ", () => {
  test.each(Object.entries(answers))("%s", async (_, { attack, codes }) => {
    const scene = await hostileScene();
    scene.attackWith(attack);
    for (const command of [scene.backUp, scene.probe, scene.buckets]) {
      const answer = await command();
      const { error } = answer.json() as { error?: { code: ReasonCode } };
      expect(codes, answer.stdout).toContain(error?.code);
      expectStopped(scene, answer, error?.code as ReasonCode);
    }
    expectNothingRecorded(scene);
  });

  test("in place of an upload's is no upload, and leaves no second copy", async () => {
    // All at once, since each waits between its tries.
    await Promise.all(Object.keys(answers).map(inPlaceOfPuts));
  });
});

async function inPlaceOfPuts(name: string): Promise<void> {
  const scene = await hostileScene();
  scene.attackWith(on("PutObject", answers[name]?.attack as Attack, isPhoto));
  const stopped = await scene.backUp();
  expectHarmless(scene, stopped);
  expect(stopped.exitCode, name).not.toBe(0);
  expectNothingRecorded(scene);
  scene.relent();
  expect(await scene.backUp(), name).toMatchObject({ exitCode: 0 });
  expect(scene.keys(), name).toEqual(photoNames.map((photo) => `photos/Pictures/${photo}`));
}

function isPhoto({ request }: Met): boolean {
  return !request.url?.includes(".photolala");
}

/** Yeses to an upload that nobody kept; each contradicts itself or proves nothing. */
const yeses: Record<string, (checksum: string) => Record<string, string | string[]>> = {
  "another ETag": () => ({ etag: '"0123456789abcdef0123456789abcdef"' }),
  "two ETags": () => ({ etag: ['"0123456789abcdef0123456789abcdef"', '"x"'] }),
  "no ETag": () => ({}),
  "two checksums": (checksum) => ({ etag: '"x"', "x-amz-checksum-sha256": [checksum, `A${checksum.slice(1)}`] }),
  "another checksum": (checksum) => ({ etag: '"x"', "x-amz-checksum-sha256": `A${checksum.slice(1)}` }),
};

test.each(Object.entries(yeses))(
  "invariant 1: a yes with %s to an upload that nobody kept is none",
  async (_, headersOf) => {
    const scene = await hostileScene();
    const sayYes: Attack = (met) => {
      const checksum = String(met.request.headers["x-amz-checksum-sha256"]);
      answering(200, headersOf(checksum), "")(met);
    };
    scene.attackWith(on("PutObject", sayYes, isPhoto));
    const answer = await scene.backUp();
    expectHarmless(scene, answer);
    expect(answer.exitCode).not.toBe(0);
    expectNothingRecorded(scene);
    scene.relent();
    expect(await scene.backUp()).toMatchObject({ exitCode: 0 });
    expect(scene.keys()).toEqual(photoNames.map((photo) => `photos/Pictures/${photo}`));
  },
);

test("invariant 9: what a terminal would obey is never repeated", async () => {
  const evil = "Access&#27;[2J&#155;2JDenied\u202e";
  const error = `<Error><Code>${evil}</Code><Message>${evil}</Message><Region>${evil}</Region></Error>`;
  for (const status of [301, 400, 403, 404, 500]) {
    const scene = await hostileScene();
    const headers = { ...xml, server: "\u009b2J\u00ad", "x-amz-bucket-region": "\u009b2J" };
    scene.attackWith(answering(status, headers, error));
    for (const command of [scene.backUp, scene.probe, scene.buckets]) expectHarmless(scene, await command());
    scene.attackWith((met) =>
      met.request.url?.includes("location") ? answering(200, xml, located(evil))(met) : "pass",
    );
    expectHarmless(scene, await scene.probe());
    scene.attackWith(answering(200, xml, named(evil)));
    const listed = await scene.buckets();
    expectHarmless(scene, listed);
    expect(listed.json()).toMatchObject({ buckets: [{ name: "photos-of-mine" }] });
  }
});

const located = (region: string) => `<LocationConstraint>${region}</LocationConstraint>`;
const named = (name: string) =>
  `<ListAllMyBucketsResult><Buckets><Bucket><Name>${name}</Name></Bucket><Bucket><Name>photos-of-mine</Name>` +
  `<BucketRegion>${name}</BucketRegion></Bucket></Buckets></ListAllMyBucketsResult>`;
