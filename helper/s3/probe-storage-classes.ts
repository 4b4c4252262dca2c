import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { probeKey, probeUpload } from "../probe/probe-conditional-writes.ts";
import type { ClassOutcome, ProbeReport } from "../probe/probe-report.ts";
import { storageClasses, type StorageClass } from "../state/files/storage-class.ts";
import { answerOf, tryRequest } from "./probe-outcome.ts";
import type { ProbeOptions } from "./probe-bucket.ts";
import { ProbeConnection } from "./probe-connection.ts";
import { S3ObjectStore } from "./s3-object-store.ts";
import { translateError } from "./translate-error.ts";

/** Writes the probe object once in each class, under a key of the class's own, and looks in which one it then is. */
export async function probeStorageClasses(
  options: ProbeOptions,
): Promise<{ storageClasses: ProbeReport["storageClasses"]; requests: number }> {
  const found: ProbeReport["storageClasses"] = {};
  let requests = 0;
  for (const storageClass of storageClasses) {
    const probed = await probeClass(options, storageClass);
    found[storageClass] = probed.outcome;
    requests += probed.requests;
  }
  return { storageClasses: found, requests };
}

async function probeClass(
  options: ProbeOptions,
  storageClass: StorageClass,
): Promise<{ outcome: ClassOutcome; requests: number }> {
  const store = new S3ObjectStore({ ...options, destination: { ...options.destination, storageClass } });
  const connection = new ProbeConnection({ ...options, stopping: options.signal });
  const { bucket, prefix } = options.destination;
  const key = probeKey(prefix, storageClass);
  try {
    const put = await tryRequest(() => store.put(probeUpload(key), options.signal));
    if ("error" in put) {
      const isRefused = translateError(put.error).code === "storage-class-refused";
      return { outcome: isRefused ? "refused" : "unknown", requests: store.requestCount };
    }
    const question = new HeadObjectCommand({ Bucket: bucket, Key: key });
    const head = await tryRequest(() => connection.ask(() => connection.questions.send(question), undefined));
    const kept = answerOf(head)?.StorageClass ?? "STANDARD";
    const outcome = !answerOf(head) ? "unknown" : kept === storageClass ? "accepted" : "ignored";
    return { outcome, requests: store.requestCount + connection.requestCount };
  } finally {
    store.close();
    connection.close();
  }
}
