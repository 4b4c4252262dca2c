import type { Outcome, ProbeReport } from "./probe-report.ts";

type Tried = Pick<ProbeReport, "listing" | "reading" | "writing" | "multipart"> & { location: Outcome };

/** The IAM actions that were refused, by name. */
export function missingActions({ listing, reading, writing, multipart, location }: Tried): string[] {
  const tried: [string, Outcome | undefined][] = [
    ["s3:ListBucket", listing],
    ["s3:GetObject", reading],
    ["s3:PutObject", writing],
    ["s3:PutObject", multipart.create],
    ["s3:PutObject", multipart.part],
    ["s3:AbortMultipartUpload", multipart.abort],
    ["s3:ListMultipartUploadParts", multipart.listParts],
    ["s3:ListBucketMultipartUploads", multipart.listUploads],
    ["s3:GetBucketLocation", location],
  ];
  return [...new Set(tried.filter(([, outcome]) => outcome === "denied").map(([action]) => action))];
}
