import { describe, expect, it } from "vitest";
import { findRealServers } from "../support/servers/find-real-servers.ts";
import type { RealServer, RealServerName } from "../support/servers/real-server.ts";
import { startMinio } from "../support/servers/start-minio.ts";
import { startRclone } from "../support/servers/start-rclone.ts";
import { startVersitygw } from "../support/servers/start-versitygw.ts";
import { describeS3Contract } from "./s3-contract.ts";

const starters: Record<RealServerName, () => Promise<RealServer>> = {
  minio: startMinio,
  versitygw: startVersitygw,
  rclone: startRclone,
};

const { found, missing, requiredButMissing } = findRealServers();
process.stdout.write(`Real S3 servers found: ${[...found.keys()].join(", ") || "none"}\n`);
if (missing.length > 0) process.stdout.write(`Not found, so not tested against: ${missing.join(", ")}\n`);

describe("real S3 servers", () => {
  it("are all there that PHOTOLALA_REQUIRE_SERVERS names", () => {
    expect(requiredButMissing).toEqual([]);
  });
});

for (const name of found.keys()) describeS3Contract({ name, start: starters[name] });
