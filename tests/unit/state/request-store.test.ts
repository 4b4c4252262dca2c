import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { takeRequests, writeRequest } from "../../../helper/state/files/request-store.ts";
import { someTime } from "../../support/state/samples.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

describe("requests", () => {
  it("are taken oldest first, and stay until they are done", async () => {
    const paths = await tempState();
    const at = (ms: number) => () => Date.parse(someTime) + ms;
    await writeRequest(paths, { kind: "retry", paths: ["/2.jpg"] }, at(5));
    await writeRequest(paths, { kind: "back-up-now" }, at(0));
    await writeRequest(paths, { kind: "retry-all" }, at(10_000));
    const first = await takeRequests(paths);
    expect(first.map(({ request }) => request.kind)).toEqual(["back-up-now", "retry", "retry-all"]);
    expect(first[1]?.request).toEqual({
      version: 1,
      createdAt: "2026-11-22T20:52:02.128Z",
      kind: "retry",
      paths: ["/2.jpg"],
    });
    await first[0]?.done();
    await first[0]?.done();
    const second = await takeRequests(paths);
    expect(second.map(({ request }) => request.kind)).toEqual(["retry", "retry-all"]);
  });

  it("are none where nobody asked yet", async () => {
    const paths = await tempState();
    expect(await takeRequests({ ...paths, requestsDir: join(paths.stateDir, "nowhere") })).toEqual([]);
  });

  it("that cannot be read are set aside once, not met again and again", async () => {
    const paths = await tempState();
    await writeRequest(paths, { kind: "back-up-now" });
    writeFileSync(join(paths.requestsDir, "broken.json"), "{");
    writeFileSync(join(paths.requestsDir, ".half.json.1-0123456789ab.tmp"), "{");
    expect(await takeRequests(paths)).toHaveLength(1);
    expect(filesUnder(paths.requestsDir).filter((name) => name.startsWith("broken.json.corrupt-"))).toHaveLength(1);
    expect(await takeRequests(paths)).toHaveLength(1);
    expect(filesUnder(paths.requestsDir)).toHaveLength(3);
  });

  it("invariant 10: of a newer version are left for a newer helper and don't hold up the others", async () => {
    const paths = await tempState();
    const newer = join(paths.requestsDir, "newer.json");
    writeFileSync(newer, '{"version": 2, "kind": "dance"}');
    await writeRequest(paths, { kind: "back-up-now" });
    expect(await takeRequests(paths)).toHaveLength(1);
    expect(readFileSync(newer, "utf8")).toBe('{"version": 2, "kind": "dance"}');
  });
});
