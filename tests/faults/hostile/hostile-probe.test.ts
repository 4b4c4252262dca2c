import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Interrupted } from "../../../helper/cli/interrupted.ts";
import { probeContent } from "../../../helper/probe/probe-conditional-writes.ts";
import type { ProbeReport } from "../../../helper/probe/probe-report.ts";
import { readJson } from "../../support/helper-process/read-state.ts";
import { filesUnder } from "../../support/state/temp-state.ts";
import { answering, on, type Attack } from "./hostile-front.ts";
import { bucket, expectNothingRecorded, expectStopped, hostileScene, type HostileScene } from "./hostile-scene.ts";

const xml = { "content-type": "application/xml" };
const error = (code: string) => `<Error><Code>${code}</Code><Message>No</Message></Error>`;

/** How a service may ask to be left alone. */
const throttles: Record<string, Attack> = {
  "503 SlowDown": answering(503, { ...xml, "retry-after": "30" }, error("SlowDown")),
  "429 without a word": answering(429, { "retry-after": "30" }, ""),
  // Of a HEAD nothing but the status tells.
  "400 Throttling": (met) =>
    answering(
      met.request.method === "HEAD" ? 503 : 400,
      { ...xml, "retry-after": "30" },
      error("ThrottlingException"),
    )(met),
};

/** Answers the nth of all requests and whatever comes after it. @returns how many there were */
function fromThe(nth: number, attack: Attack) {
  const seen = { requests: 0 };
  const counting: Attack = (met) => {
    seen.requests += 1;
    return seen.requests < nth ? "pass" : attack(met);
  };
  return { seen, counting };
}

async function requestsOfProbe(): Promise<number> {
  const scene = await hostileScene();
  const { seen, counting } = fromThe(Number.POSITIVE_INFINITY, () => "pass");
  scene.attackWith(counting);
  expect(await scene.probe()).toMatchObject({ exitCode: 0 });
  expect(scene.s3.multipartUploads(bucket)).toEqual([]);
  return seen.requests;
}

describe("a service that asks to be left alone, at every request of the probe, is asked no more:", () => {
  test.each(Object.entries(throttles))("%s", async (_, attack) => {
    const all = await requestsOfProbe();
    expect(all).toBeGreaterThan(20);
    let leftOpen = 0;
    for (let nth = 1; nth <= all; nth += 1) {
      const scene = await hostileScene();
      const { seen, counting } = fromThe(nth, attack);
      scene.attackWith(counting);
      const open = () => scene.s3.multipartUploads(bucket).length;
      const answer = await scene.probe();
      expect(seen.requests, `asked on after request ${nth}`).toBe(nth);
      expectStopped(
        scene,
        answer,
        "throttled",
        open() > 0 ? /stays open at photos\/\.photolala\/probe-multipart/ : /^/,
      );
      leftOpen += open();
      scene.relent();
      if (open() === 0) continue;
      expect(await scene.probe(), "the next probe").toMatchObject({ exitCode: 0 });
      expect(open(), "aborts what the last one left").toBe(0);
    }
    expect(leftOpen, "otherwise nothing was shown of leftovers").toBeGreaterThan(0);
  });

  test("a backup that probes by the way waits as well", async () => {
    const scene = await hostileScene();
    const { seen, counting } = fromThe(1, throttles["503 SlowDown"] as Attack);
    scene.attackWith(counting);
    expectStopped(scene, await scene.backUp(), "throttled");
    expect(seen.requests).toBe(1);
  });
});

test("a key that may not abort is told what stays open, and the next that may aborts it", async () => {
  const scene = await hostileScene();
  scene.attackWith(on("AbortMultipartUpload", answering(403, xml, error("AccessDenied"))));
  const answer = await scene.probe();
  expect(answer.json()).toMatchObject({ multipart: { abort: "denied" }, missingActions: ["s3:AbortMultipartUpload"] });
  expect(scene.s3.multipartUploads(bucket)).toHaveLength(1);
  scene.relent();
  await scene.probe();
  expect(scene.s3.multipartUploads(bucket)).toEqual([]);
});

test("a person who stops it is not kept waiting, and the upload that it began is aborted all the same", async () => {
  const all = await requestsOfProbe();
  let begun = 0;
  for (let nth = 1; nth <= all; nth += 1) {
    const scene = await hostileScene();
    const stopping = new AbortController();
    scene.bench.context.interrupted = stopping.signal;
    const { seen, counting } = fromThe(nth, ({ operation, request }) => {
      // Nobody answers any more, but for what takes back what was begun.
      if (operation === "AbortMultipartUpload") return "pass";
      request.resume();
      stopping.abort(new Interrupted("SIGINT"));
    });
    scene.attackWith(counting);
    expect(await scene.probe()).toMatchObject({ exitCode: 130 });
    expect(scene.s3.multipartUploads(bucket), `stopped at request ${nth}`).toEqual([]);
    begun += seen.requests - nth;
  }
  expect(begun, "otherwise nothing was taken back").toBeGreaterThan(0);
});

test("an upload of that name that is somebody else's by its key is left alone", async () => {
  const scene = await hostileScene();
  const others = "<Upload><Key>photos/.photolala/probe-multipart.mov</Key><UploadId>other</UploadId></Upload>";
  scene.attackWith(
    on(
      "ListMultipartUploads",
      answering(200, xml, `<ListMultipartUploadsResult>${others}</ListMultipartUploadsResult>`),
    ),
  );
  expect(await scene.probe()).toMatchObject({ exitCode: 0 });
  expect(scene.s3.requests.filter(({ operation }) => operation === "AbortMultipartUpload")).toHaveLength(1);
});

const md5 = createHash("md5").update(probeContent).digest("hex");
const sha256 = createHash("sha256").update(probeContent).digest("base64");
const confirmed = { etag: `"${md5}"`, "x-amz-checksum-sha256": sha256 };
const absent = answering(404, xml, "");

/** Who answers uploads out of the air. */
const liars: Record<string, Attack> = {
  "a taken key to everything": answering(412, xml, error("PreconditionFailed")),
  "stored, with the right checksum": answering(200, confirmed, ""),
  "that it knows no conditions": answering(501, xml, error("NotImplemented")),
  "stored, then taken": (met) =>
    met.nth % 2 ? answering(200, confirmed, "")(met) : answering(412, xml, error("PreconditionFailed"))(met),
};

describe("invariant 3: what a liar says of conditions is not believed, who answers uploads with", () => {
  test.each(Object.entries(liars))("%s", async (_, attack) => {
    for (const command of ["probe", "backUp"] as const) {
      const scene = await hostileScene();
      scene.attackWith((met) => {
        if (met.operation === "PutObject") return attack(met);
        return met.operation === "HeadObject" ? absent(met) : "pass";
      });
      const answer = await scene[command]();
      expect(answer.exitCode, answer.stdout).not.toBe(0);
      expectNothingRecorded(scene);
      expectNotLearned(scene);
    }
  });

  test("an upload without an id", async () => {
    const scene = await hostileScene();
    scene.attackWith(on("CreateMultipartUpload", answering(200, xml, "<InitiateMultipartUploadResult/>")));
    expectStopped(scene, await scene.probe(), "not-s3", /without an id/);
  });
});

test("invariant 1: a body that was cut off on the way shows nothing of what a checksum binds", async () => {
  const scene = await hostileScene();
  const cutOff = answering(400, xml, error("IncompleteBody"));
  const payloads: unknown[] = [];
  scene.attackWith((met) => {
    const { url = "", headers } = met.request;
    if (met.operation === "PutObject" && /-(binding|checksum)/.test(url)) return cutOff(met);
    if (met.operation === "PutObject" && url.includes(".jpg")) payloads.push(headers["x-amz-content-sha256"]);
    return "pass";
  });
  expect((await scene.probe()).json()).toMatchObject({ sha256Header: "unknown" } satisfies Partial<ProbeReport>);
  const answer = await scene.backUp();
  expect(answer).toMatchObject({ exitCode: 0 });
  expect(payloads).toHaveLength(3);
  expect(payloads).not.toContain("UNSIGNED-PAYLOAD");
});

/** Nothing is kept of it, or that it is not known, which is the careful way. */
function expectNotLearned({ paths }: HostileScene): void {
  const kept = filesUnder(paths.stateDir).filter((name) => name.startsWith("capabilities/"));
  for (const name of kept) {
    const { conditionalWrites } = readJson<{ conditionalWrites: string }>(join(paths.stateDir, name)) ?? {};
    expect(["unknown", "refused"]).toContain(conditionalWrites);
  }
}
