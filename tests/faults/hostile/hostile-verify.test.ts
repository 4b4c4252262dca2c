import { describe, expect, test } from "vitest";
import { readVerification } from "../../../helper/state/files/verification-store.ts";
import { readLedger } from "../../support/helper-process/read-state.ts";
import { answering, on, saying, type Attack, type Met } from "./hostile-front.ts";
import { bucket, expectHarmless, hostileScene, photoNames, type HostileScene } from "./hostile-scene.ts";

const xml = { "content-type": "application/xml" };
const html = { "content-type": "text/html" };
const page = "<!DOCTYPE html><html><body><p>Sign in</p></body></html>";
const error = (code: string) => `<Error><Code>${code}</Code></Error>`;
const listing = (inside: string) => `<ListBucketResult><Name>${bucket}</Name>${inside}</ListBucketResult>`;

/** What may come in place of the truth about objects that are all there. */
const lies: Record<string, Attack> = {
  "a page": answering(200, html, page),
  "a page with an ETag": answering(200, { ...html, etag: '"5f3b-1a"' }, page),
  "a page and 404": answering(404, html, page),
  "a page and 403": answering(403, html, page),
  "a bare 404": answering(404, {}, ""),
  "a bare 403": answering(403, {}, ""),
  "nothing and 200": answering(200, {}, ""),
  "204": answering(204, {}, ""),
  "a redirect": answering(302, { location: "http://127.0.0.1:9/" }, page),
  "511": answering(511, html, page),
  "no such bucket": answering(404, xml, error("NoSuchBucket")),
  "access denied": answering(403, xml, error("AccessDenied")),
  "a refused key": answering(403, xml, error("InvalidAccessKeyId")),
  "an empty listing": answering(200, xml, listing("<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated>")),
  "a listing of other sizes": answering(
    200,
    xml,
    listing(
      photoNames
        .map((name) => `<Contents><Key>photos/Pictures/${name}</Key><Size>1</Size><ETag>"00"</ETag></Contents>`)
        .join("") + "<IsTruncated>false</IsTruncated>",
    ),
  ),
  "a cut connection": ({ socket }) => void socket.resetAndDestroy(),
  noise: saying("SSH-2.0-OpenSSH_9.6\r\n"),
};

interface Kind {
  args: string[];
  meets: (met: Met) => boolean;
  /** The key may not list, so that nothing but the objects themselves can be asked. */
  isUnlistable?: boolean;
}

const kinds: Record<string, Kind> = {
  everything: { args: [], meets: () => true },
  "everything, reading": { args: ["--read-data"], meets: () => true },
  listings: { args: [], meets: ({ operation }) => operation === "ListObjectsV2" },
  "all but listings": { args: [], meets: ({ operation }) => operation !== "ListObjectsV2" },
  "all but listings, reading": { args: ["--read-data"], meets: ({ operation }) => operation !== "ListObjectsV2" },
  "heads, unlistable": { args: [], meets: ({ operation }) => operation === "HeadObject", isUnlistable: true },
  "heads and downloads, unlistable": {
    ...{ args: ["--read-data"], isUnlistable: true },
    meets: ({ operation }) => operation === "HeadObject" || operation === "GetObject",
  },
  downloads: { args: ["--read-data"], meets: ({ operation }) => operation === "GetObject" },
};

async function backedUpScene(): Promise<HostileScene> {
  const scene = await hostileScene();
  expect(await scene.backUp()).toMatchObject({ exitCode: 0 });
  return scene;
}

/** Whatever was said: the ledger calls nothing lost, and no proof is noted that is none. */
function expectNothingLost(scene: HostileScene, words: string): void {
  const entries = [...readLedger(scene.paths).values()] as { goneSince?: string; changedKeys?: string[] }[];
  expect(entries, words).toHaveLength(photoNames.length);
  expect(
    entries.filter(({ goneSince, changedKeys }) => goneSince ?? changedKeys),
    words,
  ).toEqual([]);
}

describe("a verification never calls lost what is there, nor proved what it has not seen, though the network answers", () => {
  test.each(Object.entries(kinds))("%s with", async (name, kind) => {
    await Promise.all(Object.keys(lies).map((lie) => lieTo(`${lie} in place of ${name}`, lies[lie] as Attack, kind)));
  });
});

const denied = answering(403, xml, error("AccessDenied"));

async function lieTo(words: string, lie: Attack, { args, meets, isUnlistable }: Kind): Promise<void> {
  const scene = await backedUpScene();
  scene.attackWith((met) => {
    if (isUnlistable && met.operation === "ListObjectsV2") return denied(met);
    return meets(met) ? lie(met) : "pass";
  });
  const answer = await scene.verify(...args);
  expectHarmless(scene, answer);
  expectNothingLost(scene, words);
  const found = answer.json() as { missing?: number; changed?: number; error?: object };
  if (!found.error) expect([found.missing, found.changed], words).toEqual([0, 0]);
  await expectProofsTrue(scene, words, found);
  scene.relent();
  const truth = await scene.verify(...args);
  expect(truth.json(), words).toMatchObject({ present: photoNames.length, missing: 0, changed: 0, unproved: 0 });
  expect(truth.exitCode, words).toBe(0);
}

describe("what is gone, or has other bytes, is found all the same", () => {
  test.each(Object.entries(kinds))("with the questions of: %s", async (_, { args, isUnlistable = false }) => {
    const scene = await backedUpScene();
    scene.attackWith(isUnlistable ? on("ListObjectsV2", denied) : () => "pass");
    scene.remove("photos/Pictures/a.jpg");
    scene.s3.putObjectDirectly(bucket, "photos/Pictures/b.jpg", "other bytes than it had");
    const answer = await scene.verify(...args);
    expect(answer.json()).toMatchObject({ present: 1, missing: 1, changed: 1 });
    expect(answer.exitCode).toBe(1);
  });
});

async function expectProofsTrue(scene: HostileScene, words: string, found: object): Promise<void> {
  const destination = { endpoint: scene.front.endpoint, region: scene.s3.region, bucket, prefix: "photos" };
  const proof = await readVerification(scene.paths, destination);
  if ("error" in found) expect(proof, words).toBeUndefined();
}
