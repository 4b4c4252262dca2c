import { describe, expect, test } from "vitest";
import type { ReasonCode } from "../../../helper/state/errors/reasons.ts";
import { readLedger } from "../../support/helper-process/read-state.ts";
import { answering, on, startFront, type Attack } from "./hostile-front.ts";
import { expectHarmless, expectNothingRecorded, expectStopped, hostileScene, photoNames } from "./hostile-scene.ts";

const page = "<!DOCTYPE html><html><body>Sign in to the hotel's network</body></html>";
const xhtml = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body><p>Sign in</p></body></html>';
const html = { "content-type": "text/html; charset=utf-8" };

/** Everything a network that wants a sign-in first may say in place of the service. */
function portals(elsewhere: string): Record<string, { attack: Attack; code: ReasonCode; detail?: RegExp }> {
  const to = { ...html, location: `${elsewhere}/sign-in` };
  const redirect = `<Error><Code>PermanentRedirect</Code><Endpoint>${elsewhere.slice(7)}</Endpoint><Region>eu-west-1</Region></Error>`;
  const xml = { "content-type": "application/xml" };
  return {
    "301": { attack: answering(301, to, page), code: "not-s3", detail: /another address/ },
    "302": { attack: answering(302, to, ""), code: "not-s3", detail: /another address/ },
    "303": { attack: answering(303, to, page), code: "not-s3" },
    "307": { attack: answering(307, to, page), code: "not-s3" },
    "307 without a page": { attack: answering(307, { location: to.location }, ""), code: "not-s3" },
    "308": { attack: answering(308, to, xhtml), code: "not-s3" },
    "301 of S3 to another service": {
      attack: answering(301, { ...xml, location: elsewhere, "x-amz-bucket-region": "eu-west-1" }, redirect),
      code: "wrong-region",
      detail: /the bucket is in eu-west-1/,
    },
    "307 of S3 to another service": {
      attack: answering(307, { ...xml, location: elsewhere }, redirect.replace("Permanent", "Temporary")),
      code: "server-error",
    },
    "200 and a page": { attack: answering(200, html, page), code: "not-s3" },
    "200, a page and an ETag": { attack: answering(200, { ...html, etag: '"5f3b"' }, xhtml), code: "not-s3" },
    "200 and nothing": { attack: answering(200, {}, ""), code: "not-s3" },
    "204": { attack: answering(204, {}, ""), code: "not-s3" },
    "401": { attack: answering(401, { ...html, "www-authenticate": "Basic" }, xhtml), code: "not-s3" },
    "403": { attack: answering(403, html, xhtml), code: "not-s3" },
    "404": { attack: answering(404, html, xhtml), code: "not-s3" },
    "407": { attack: answering(407, { "proxy-authenticate": "Basic" }, ""), code: "not-s3", detail: /proxy/ },
    "412": { attack: answering(412, html, xhtml), code: "not-s3" },
    "451": { attack: answering(451, html, page), code: "not-s3" },
    "511": { attack: answering(511, html, page), code: "not-s3", detail: /asks for a sign-in/ },
    "503 and a page": { attack: answering(503, html, page), code: "throttled" },
  };
}

const names = Object.keys(portals("http://127.0.0.1"));

/** A portal that leads to somebody who must never hear of us. */
async function portalOf(name: string) {
  const elsewhere = await startFront({ endpoint: "http://127.0.0.1:9", attack: answering(200, html, page) });
  const portal = portals(elsewhere.endpoint)[name] as ReturnType<typeof portals>[string];
  return { ...portal, elsewhere: elsewhere.counts };
}

describe("a portal that answers everything with", () => {
  test.each(names)("%s is told from the service, and nothing is signed for another host", async (name) => {
    const { attack, code, detail, elsewhere } = await portalOf(name);
    const scene = await hostileScene();
    scene.attackWith(attack);
    expectStopped(scene, await scene.backUp(), code, detail);
    expectStopped(scene, await scene.probe(), code, detail);
    expectStopped(scene, await scene.buckets(), code, detail);
    expectNothingRecorded(scene);
    expect([...elsewhere.keys()], "somebody else was asked").toEqual([]);
  });
});

describe("invariants 1 and 3: amid a run a portal of each kind", () => {
  test.each(["HeadObject", "PutObject"] as const)(
    "in place of a %s records nothing and invents no conflict",
    async (operation) => {
      // All at once, since each waits between its tries.
      await Promise.all(names.map((name) => comesUpAmid(operation, name)));
    },
  );
});

async function comesUpAmid(operation: "HeadObject" | "PutObject", name: string): Promise<void> {
  const { attack, elsewhere } = await portalOf(name);
  const scene = await hostileScene();
  scene.attackWith(on(operation, attack, ({ request }) => !request.url?.includes(".photolala")));
  const stopped = await scene.backUp();
  expectHarmless(scene, stopped);
  expect(stopped.exitCode, name).not.toBe(0);
  expectNothingRecorded(scene);
  scene.relent();
  expect(await scene.backUp(), name).toMatchObject({ exitCode: 0 });
  expect(scene.keys(), name).toEqual(photoNames.map((photo) => `photos/Pictures/${photo}`));
  const conflicts = [...readLedger(scene.paths).values()].filter((entry) => "conflictsWith" in entry);
  expect(conflicts, name).toEqual([]);
  expect([...elsewhere.keys()], "somebody else was asked").toEqual([]);
}
