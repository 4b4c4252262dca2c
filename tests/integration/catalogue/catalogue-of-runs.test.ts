import { cpSync, rmSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readStatus } from "../../../helper/state/files/status-store.ts";
import { readByHand, sessionBench, sessionBucket, type SessionBench } from "../../support/engine/session-bench.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { statePathsAt } from "../../support/state/state-paths-at.ts";
import { tempState } from "../../support/state/temp-state.ts";

const atCatalogue = { keyPattern: "/.photolala/" };

function byHand({ s3, pieces }: SessionBench): Promise<Map<string, Record<string, unknown>>> {
  return readByHand(pieces(), (key) => s3.readObject(sessionBucket, key));
}

describe("the catalogue in the bucket", () => {
  test("invariant 11: the bucket alone tells path, key and sha256 of every photo, with standard tools", async () => {
    const bench = await sessionBench();
    const contents = new Map<string, string>();
    const add = (name: string, content = name) => contents.set(bench.photo(name, content), content);
    add("a.jpg");
    add("copy/of a.jpg", "a.jpg");
    add(`${"long folder ".repeat(15)}/${"x".repeat(240)}.jpg`);
    const deep = Array.from({ length: 12 }, (_, level) => `${level} `.repeat(40).trim());
    add(`${deep.join("/")}/deep.jpg`);
    add("\u2028 line.jpg");
    const edited = bench.photo("edited.jpg", "before");
    await bench.backUp();
    writeFileSync(edited, "after the edit");
    utimesSync(edited, new Date(1_000_000_000_000), new Date(1_000_000_000_000));
    contents.set(edited, "after the edit");
    expect(await bench.backUp()).toMatchObject({ uploaded: 1, failed: 0 });

    const lines = await byHand(bench);
    expect([...lines.keys()].sort()).toEqual([...contents.keys()].sort());
    for (const [path, content] of contents) {
      const line = lines.get(path) as { key: string; sha256: string; size: number };
      expect(line.sha256, path).toBe(sha256Of(content));
      expect(sha256Of(await bench.s3.readObject(sessionBucket, line.key)), path).toBe(line.sha256);
    }
    const { previous } = lines.get(edited) as { previous: { key: string; sha256: string }[] };
    expect(previous).toMatchObject([{ sha256: sha256Of("before") }]);
    expect(sha256Of(await bench.s3.readObject(sessionBucket, previous[0]?.key ?? ""))).toBe(sha256Of("before"));
  });

  test("a run with nothing new asks nothing; one with a new photo sends a piece of one line", async () => {
    const bench = await sessionBench();
    bench.photo("a.jpg");
    await bench.backUp();
    expect(bench.pieces()).toHaveLength(1);
    expect(await bench.backUp()).toMatchObject({ requests: 0 });
    const added = bench.photo("b.jpg");
    // A listing, a HEAD and a PUT of the photo, a PUT of the piece.
    expect(await bench.backUp()).toMatchObject({ uploaded: 1, requests: 4 });
    const [, second = ""] = bench.pieces();
    const lines = await readByHand([second], (key) => bench.s3.readObject(sessionBucket, key));
    expect([...lines.keys()]).toEqual([added]);
  });

  test("a photo that is gone from the disk is noted there too", async () => {
    const bench = await sessionBench();
    bench.photo("a.jpg");
    const gone = bench.photo("b.jpg");
    await bench.backUp();
    unlinkSync(gone);
    await bench.backUp();
    expect((await byHand(bench)).get(gone)).toMatchObject({ missingSince: expect.any(String) });
  });

  test("invariant 11: where it cannot be stored photos are safe, but no backup is called complete, and it is told", async () => {
    const bench = await sessionBench();
    bench.photo("a.jpg");
    const refused = { kind: "status", status: 403, code: "AccessDenied", match: atCatalogue, times: Infinity } as const;
    const fault = bench.s3.faults.add(refused);
    const summary = await bench.backUp();
    expect(summary).toMatchObject({ uploaded: 1, failed: 0, catalogueError: "permission-denied" });
    await bench.publisher.flush();
    expect(await readStatus(bench.paths)).toMatchObject({
      health: { code: "catalogue-behind" },
      counts: { backedUp: 1 },
    });
    const held = await bench.open();
    expect(held.ledger.lastBackup).toBeUndefined();
    await held.close();
    fault.remove();
    const next = await bench.backUp();
    expect(next).toMatchObject({ uploaded: 0 });
    expect(next).not.toHaveProperty("catalogueError");
    await bench.publisher.flush();
    expect(await readStatus(bench.paths)).toMatchObject({
      ...{ health: { code: "ok" }, lastBackup: expect.any(String) },
      catalogue: { storedAt: expect.any(String), pieces: 1 },
    });
    expect((await byHand(bench)).size).toBe(1);
  });

  test("our own piece whose answer was lost is recognized, not sent twice", async () => {
    const bench = await sessionBench();
    bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "cut-after-store", match: { ...atCatalogue, method: "PUT" } });
    const session = await bench.open({ patienceMs: 60_000 });
    expect(await session.run(bench.runOf())).not.toHaveProperty("catalogueError");
    await session.close();
    expect(bench.pieces()).toHaveLength(1);
    expect(await bench.backUp()).toMatchObject({ requests: 0 });
  });

  test("invariant 6: killed while its piece is on the wire, a photo is found again and told", async () => {
    const bench = await sessionBench();
    const photos = [bench.photo("a.jpg")];
    await bench.backUp();
    photos.push(bench.photo("b.jpg"));
    const onWire = bench.s3.faults.add({ kind: "stall", match: { ...atCatalogue, method: "PUT" } });
    const session = await bench.open();
    const killing = new AbortController();
    const running = session.run({ ...bench.runOf(), aborting: killing.signal, stopping: killing.signal });
    const ended = expect(running).rejects.toThrow("killed");
    await onWire.whenFired;
    // What a kill -9 leaves: the state as it is at this moment. Its session closes another one.
    const paths = await tempState();
    cpSync(bench.paths.stateDir, paths.stateDir, { recursive: true });
    killing.abort(new Error("killed"));
    await ended;
    await session.close();

    expect(await bench.backUp({ paths })).toMatchObject({ uploaded: 0 });
    expect([...(await byHand(bench)).keys()].sort()).toEqual(photos);
    expect(await bench.backUp({ paths })).toMatchObject({ requests: 0 });
  });

  test("invariant 6: a stored piece of which nobody knows is recognized by what was noted before it was sent", async () => {
    const bench = await sessionBench();
    const photos = [bench.photo("a.jpg")];
    bench.s3.faults.add({ kind: "cut-after-store", match: { ...atCatalogue, method: "PUT" } });
    const refused = { kind: "status", status: 403, code: "AccessDenied", match: atCatalogue, times: Infinity } as const;
    const unanswered = bench.s3.faults.add({ ...refused, match: { ...atCatalogue, method: "HEAD" } });
    expect(await bench.backUp()).toHaveProperty("catalogueError");
    unanswered.remove();
    photos.push(bench.photo("b.jpg"));
    expect(await bench.backUp()).not.toHaveProperty("catalogueError");
    const macs = new Set(bench.pieces().map((key) => key.split("/").at(-2)));
    expect(macs.size).toBe(1);
    expect([...(await byHand(bench)).keys()].sort()).toEqual(photos);
  });

  test("a copy of this installation takes an id of its own, and tells everything anew", async () => {
    const bench = await sessionBench();
    bench.photo("a.jpg");
    await bench.backUp();
    const copy = statePathsAt(`${bench.paths.stateDir}-copy`);
    cpSync(bench.paths.stateDir, copy.stateDir, { recursive: true });
    bench.photo("b.jpg");
    await bench.backUp();
    bench.photo("c.jpg");
    await bench.backUp({ paths: copy });
    rmSync(copy.stateDir, { recursive: true });
    const macs = new Set(bench.pieces().map((key) => key.split("/").at(-2)));
    expect(macs.size).toBe(2);
    expect((await byHand(bench)).size).toBe(3);
    for (const mac of macs) {
      const own = bench.pieces().filter((key) => key.includes(`/${mac}/`));
      const lines = await readByHand(own, (key) => bench.s3.readObject(sessionBucket, key));
      expect(lines.size, mac).toBeGreaterThan(1);
    }
  });
});
