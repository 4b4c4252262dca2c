import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { outcomeOf, sha256Base64, type ContractContext, type ContractPart } from "./contract-context.ts";
import type { StoreDifferences } from "./store-differences.ts";
import { controlCharacterKey, nastyKeys } from "./nasty-keys.ts";

/** Any name a file can have, as a key. */
export const keyContract: ContractPart = (context, differences) => {
  for (const [name, key] of Object.entries(nastyKeys)) {
    it(`keeps a key with ${name} as it is`, async () => {
      await storeAndReadBack(context(), key, differences);
      expect(await listedKeys(context(), key, differences.honorsEncodingType)).toContain(key);
    });
  }

  it("keeps NFC and NFD apart, also by a condition where declared", async () => {
    const { client, bucket } = context();
    const keys = ["forms/\u00e9.jpg", "forms/e\u0301.jpg"];
    const put = (Key: string, condition: { IfNoneMatch?: "*" } = {}) =>
      outcomeOf(client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key, ...condition })));
    expect(await put("forms/\u00e9.jpg")).toBe("200");
    expect(await put("forms/e\u0301.jpg", { IfNoneMatch: "*" })).toBe(differences.conditionOnOtherForm);
    expect(await put("forms/e\u0301.jpg")).toBe("200");
    expect(await listedKeys(context(), "forms/", differences.honorsEncodingType)).toEqual(keys.toSorted());
  });

  it("keeps upper and lower case apart", async () => {
    const { client, bucket } = context();
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: "case/A.jpg", Body: "A" }));
    const other = new HeadObjectCommand({ Bucket: bucket, Key: "case/a.jpg" });
    expect(await outcomeOf(client.send(other))).toBe("404 NotFound");
  });

  it("stores a control character, and lists it as declared", async () => {
    await storeAndReadBack(context(), controlCharacterKey, differences);
    const listed = await listedKeys(context(), "nasty/control", differences.honorsEncodingType);
    expect(listed.includes(controlCharacterKey)).toBe(differences.listsControlCharacters);
  });

  const refused = {
    segment256: `refused/${"x".repeat(256)}`,
    key1025: `refused/${`${"y".repeat(253)}/`.repeat(4)}z`,
    dotSegment: "refused/./dot.jpg",
    emptySegment: "refused//empty.jpg",
    leadingSlash: "/refused-leading.jpg",
    folderWithBytes: "refused/folder/",
  };
  for (const [name, Key] of Object.entries(refused) as [keyof typeof refused, string][]) {
    it(`treats a key with ${name} as declared`, async () => {
      const { client, bucket } = context();
      const put = client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x" }));
      expect(await outcomeOf(put)).toBe(differences.keyOutcomes[name]);
    });
  }

  it("treats a key under an object's key, and an object at a folder's key, as declared", async () => {
    const { client, bucket } = context();
    const put = (Key: string): Promise<string> =>
      outcomeOf(client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key })));
    expect(await put("nested/file")).toBe("200");
    expect(await put("nested/file/below")).toBe(differences.keyUnderObject);
    expect(await put("nested/folder/inside")).toBe("200");
    expect(await put("nested/folder")).toBe(differences.keyOfFolder);
    const listed = await listedKeys(context(), "nested/", differences.honorsEncodingType);
    expect(listed.includes("nested/file/below")).toBe(differences.listsKeysUnderObject);
    // What the store accepted is there, listed or not.
    const below = new HeadObjectCommand({ Bucket: bucket, Key: "nested/file/below" });
    expect(await outcomeOf(client.send(below))).toBe(differences.keyUnderObject === "200" ? "200" : "404 NotFound");
    const inside = new HeadObjectCommand({ Bucket: bucket, Key: "nested/folder/inside" });
    expect(await outcomeOf(client.send(inside))).toBe("200");
  });
};

async function storeAndReadBack(
  { client, bucket }: ContractContext,
  Key: string,
  differences: StoreDifferences,
): Promise<void> {
  const target = { Bucket: bucket, Key };
  const checksum = differences.rightChecksum === "200" ? { ChecksumSHA256: sha256Base64(Key) } : {};
  const put = { ...target, Body: Key, ...checksum };
  const condition = { IfNoneMatch: "*" };
  expect(await outcomeOf(client.send(new PutObjectCommand({ ...put, ...condition })))).toBe(
    differences.conditionalCreate,
  );
  if (differences.conditionalCreate !== "200") await client.send(new PutObjectCommand(put));
  expect(await outcomeOf(client.send(new PutObjectCommand({ ...put, ...condition })))).toBe(
    differences.conditionalOverwrite,
  );
  const mode = differences.headWithChecksumMode === "200" ? { ChecksumMode: "ENABLED" as const } : {};
  const head = await client.send(new HeadObjectCommand({ ...target, ...mode }));
  expect(head.ChecksumSHA256).toBe(differences.returnsChecksums ? sha256Base64(Key) : undefined);
  const read = await client.send(new GetObjectCommand(target));
  expect(await read.Body?.transformToString()).toBe(Key);
}

/** The keys a listing shows, decoded as its own EncodingType says. */
async function listedKeys({ client, bucket }: ContractContext, Prefix: string, isEncoded: boolean): Promise<string[]> {
  const listing = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix, EncodingType: "url" }));
  expect(listing.EncodingType === "url").toBe(isEncoded);
  const keys = (listing.Contents ?? []).map((object) => object.Key ?? "");
  return isEncoded ? keys.map((key) => decodeURIComponent(key.replaceAll("+", " "))) : keys;
}
