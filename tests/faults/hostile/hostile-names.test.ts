import { test } from "vitest";
import type { ReasonCode } from "../../../helper/state/errors/reasons.ts";
import { bucket, expectNothingRecorded, expectStopped, hostileScene } from "./hostile-scene.ts";

const places: [string, ReasonCode][] = [
  // Names that no one may ever have (RFC 2606), found out by whatever resolver there is.
  ["https://photos.invalid", "network-down"],
  ["https://photos.invalid:8443", "network-down"],
  ["https://xn--fotos-.invalid", "network-down"],
  [`https://${"a".repeat(63)}.${"b".repeat(63)}.invalid`, "network-down"],
  ["http://127.0.0.1:1", "network-down"],
  ["https://127.0.0.1:1", "network-down"],
  ["https://[::1]:1", "network-down"],
  ["https://0.0.0.0:1", "network-down"],
  ["https://127.0.0.1:65536", "endpoint-invalid"],
  ["https://127.0.0.1:-1", "endpoint-invalid"],
  ["https://127.0.0.1:port", "endpoint-invalid"],
  ["https://photos..invalid", "network-down"],
  ["https://photos invalid", "endpoint-invalid"],
];

test("an endpoint that leads nowhere is told, with what to do", async () => {
  // All at once, since each waits before it gives up.
  await Promise.all(places.map(([endpoint, code]) => expectNowhere(endpoint, code)));
});

async function expectNowhere(endpoint: string, code: ReasonCode): Promise<void> {
  const scene = await hostileScene();
  const place = ["--endpoint", endpoint, "--region", "us-east-1", "--json"];
  const at = ["--bucket", bucket, ...place, "--consent"];
  for (const args of [
    ["backup", scene.folder, ...at, "--patience", "0"],
    ["probe", ...at],
    ["buckets", ...place],
  ]) {
    expectStopped(scene, await scene.bench.run(...args), code);
  }
  expectNothingRecorded(scene);
}
