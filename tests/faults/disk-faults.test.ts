import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sha256Of } from "../support/engine/engine-bench.ts";
import { systemError } from "../support/engine/faulty-file-system.ts";
import { checkComplete, checkInvariants } from "./check-invariants.ts";
import { openScene, type Scene, type SceneName } from "./scene.ts";

/** What happens to one photo's file. Those that throw are what a read of it says. */
const strikes: Record<string, (path: string) => void> = {
  "a read that fails": () => fail("EIO"),
  "a network disk that does not answer": () => fail("ETIMEDOUT"),
  "a file that ends early": (path) => truncateSync(path, 5),
  "a file that grows": (path) => appendFileSync(path, "more"),
  "a file that is edited": (path) => writeFileSync(path, "edited"),
  "an edit of the same size": (path) => writeFileSync(path, readFileSync(path).fill("e")),
  "a file that is deleted": (path) => rmSync(path),
};

/** When it happens: before the nth read of the file (a streamed photo is read twice), or while its body is on the wire. */
const moments: { scene: SceneName; readsBefore: number | "on the wire" }[] = [
  { scene: "small", readsBefore: 0 },

  { scene: "small", readsBefore: "on the wire" },
  { scene: "streamed", readsBefore: 0 },
  { scene: "streamed", readsBefore: 9 },
  { scene: "streamed", readsBefore: 25 },
  { scene: "streamed", readsBefore: "on the wire" },
];

const strict = { mayCopy: false, mayLeaveParts: false, learnsLate: false };

const canThrow = (strike: (path: string) => void) => /fail\(/.test(strike.toString());

describe("disk faults", () => {
  for (const { scene: sceneName, readsBefore } of moments) {
    for (const [name, strike] of Object.entries(strikes)) {
      // Once the bytes are in memory no disk can fail.
      if (readsBefore === "on the wire" && canThrow(strike)) continue;
      test(`${sceneName}, ${name}, ${readsBefore === "on the wire" ? readsBefore : `before read ${readsBefore + 1}`}`, async () => {
        const scene = await openScene(sceneName, {});
        const path = join(scene.bench.folder, "z.mov");
        const struck = strikeAt(scene, path, readsBefore, strike);
        const stoppedBy = await scene.run();
        expect(struck.times, "a fault that never fired proves nothing").toBe(1);
        const broken = await checkInvariants(scene, stoppedBy, strict);

        const stillStoppedBy = await scene.run();
        broken.push(...checkComplete(scene, stillStoppedBy, strict));
        broken.push(...(await checkInvariants(scene, stillStoppedBy, strict)));
        scene.store.close();
        expect(broken).toEqual([]);
      });
    }
  }
});

function strikeAt(scene: Scene, path: string, moment: number | "on the wire", strike: (path: string) => void) {
  const struck = { times: 0 };
  const once = () => {
    if (struck.times > 0) return;
    struck.times += 1;
    try {
      strike(path);
    } finally {
      if (existsSync(path)) scene.photos.get(path)?.push(sha256Of(readFileSync(path)));
    }
  };
  let reads = 0;
  scene.bench.hooks.read = (read) => {
    if (read === path && reads++ === moment) once();
  };
  const { log } = scene.bench.s3;
  if (moment === "on the wire") {
    void log.waitFor(({ operation, key }) => operation === "PutObject" && Boolean(key?.endsWith("z.mov"))).then(once);
  }
  return struck;
}

function fail(code: string): never {
  throw systemError(code);
}
