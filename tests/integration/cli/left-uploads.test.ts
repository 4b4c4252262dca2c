import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

const bucket = "my-photos";
const key = "photos/Pictures/film.mov";

test("an upload in parts that the key may not abort is told by backup and status, with what ends it, until it is ended", async () => {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] });
  onTestFinished(() => s3.close());
  const openedStores: S3ObjectStore[] = [];
  onTestFinished(() => openedStores.forEach((store) => store.close()));
  const bench = await cliBench({
    openStore: async (destination, options) => {
      const store = new S3ObjectStore({ destination, credentials: async () => s3.credentials, ...options });
      openedStores.push(store);
      return store;
    },
  });
  const place = ["--bucket", bucket, "--endpoint", s3.endpoint];
  const backUp = (name: string, ...more: string[]) => {
    writeFileSync(join(bench.folder, name), `the bytes of ${name}`);
    return bench.run("backup", "Pictures", ...place, ...more);
  };
  await backUp("a.jpg", "--consent");
  const { multipart } = openedStores[0] as S3ObjectStore;
  const uploadId = await multipart.create({
    ...{ key, sizeBytes: 1, sha256Hex: "0".repeat(64), contentType: "video/quicktime", metadata: {} },
  });
  const { status } = (await bench.run("status", "--json")).json() as { status: { destination: never } };
  const left = { [destinationId(status.destination)]: [{ key, uploadId }] };
  writeFileSync(bench.paths.multipart, JSON.stringify({ version: 1, destinations: {}, left }));

  const accessKey = s3.accessKeys[0];
  if (accessKey) accessKey.deniedActions = ["s3:AbortMultipartUpload"];
  const words = /1 unfinished upload in parts.*s3:AbortMultipartUpload.*AbortIncompleteMultipartUpload.*console/s;
  const told = await backUp("b.jpg");
  expect(told).toMatchObject({ exitCode: 0 });
  expect(told.stdout).toMatch(words);
  expect((await backUp("c.jpg", "--json")).json()).toMatchObject({ uploadsLeftOpen: 1 });
  // A run that asks the bucket for nothing does not ask it for this either.
  const idle = await bench.run("backup", "Pictures", ...place, "--json");
  expect(idle.json()).toMatchObject({ requests: 0, uploadsLeftOpen: 1 });
  expect((await bench.run("status")).stdout).toMatch(words);
  expect((await bench.run("status", "--json")).json()).toMatchObject({ uploadsLeftOpen: 1 });

  if (accessKey) accessKey.deniedActions = [];
  expect((await backUp("d.jpg", "--json")).json()).not.toHaveProperty("uploadsLeftOpen");
  expect((await bench.run("status")).stdout).not.toContain("unfinished");
  expect(s3.multipartUploads(bucket)).toEqual([]);
});
