import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  HeadBucketCommand,
  ListBucketsCommand,
} from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { outcomeOf, type ContractPart } from "./contract-context.ts";

/** Finding, creating and telling buckets apart. */
export const bucketContract: ContractPart = (context, differences) => {
  it("lists buckets with their creation dates, and regions where the store names them", async () => {
    const { client, server } = context();
    await server.createBucket("second-bucket");
    const { Buckets = [] } = await client.send(new ListBucketsCommand({ MaxBuckets: 100 }));
    expect(Buckets.map((bucket) => bucket.Name)).toEqual(["photos", "second-bucket"]);
    expect(Buckets[0]?.CreationDate?.getTime()).toBeGreaterThan(Date.now() - 120_000);
    expect(Buckets[0]?.BucketRegion).toBe(differences.bucketRegionInListBuckets ? server.region : undefined);
  });

  it("pages through buckets with MaxBuckets, or gives them all at once", async () => {
    const { client } = context();
    const first = await client.send(new ListBucketsCommand({ MaxBuckets: 1 }));
    expect(first.Buckets).toHaveLength(differences.listBucketsIsPaged ? 1 : 2);
    expect(first.ContinuationToken !== undefined).toBe(differences.listBucketsIsPaged);
    if (!first.ContinuationToken) return;
    const next = { MaxBuckets: 1, ContinuationToken: first.ContinuationToken };
    const second = await client.send(new ListBucketsCommand(next));
    expect(second.Buckets?.map((bucket) => bucket.Name)).toEqual(["second-bucket"]);
    expect(second.ContinuationToken).toBeUndefined();
  });

  it("tells a bucket that is there from one that isn't", async () => {
    const { client, bucket, server } = context();
    const there = await client.send(new HeadBucketCommand({ Bucket: bucket }));
    expect(there.BucketRegion).toBe(differences.bucketRegionInHeadBucket ? server.region : undefined);
    expect(await outcomeOf(client.send(new HeadBucketCommand({ Bucket: "missing-bucket" })))).toBe("404 NotFound");
  });

  it("gives a bucket's location, empty for us-east-1", async () => {
    const { client, bucket } = context();
    const { LocationConstraint } = await client.send(new GetBucketLocationCommand({ Bucket: bucket }));
    expect(LocationConstraint).toBeUndefined();
  });

  it("refuses to create a bucket that exists or has a bad name", async () => {
    const { client, bucket } = context();
    const existing = client.send(new CreateBucketCommand({ Bucket: bucket }));
    expect(await outcomeOf(existing)).toBe(differences.bucketExists);
    const badName = client.send(new CreateBucketCommand({ Bucket: "Bad_Name" }));
    expect(await outcomeOf(badName)).toBe("400 InvalidBucketName");
  });
};
