import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compareWithProfile } from "../../../helper/probe/compare-with-profile.ts";
import { guessProvider } from "../../../helper/probe/guess-provider.ts";
import { iamPolicy } from "../../../helper/probe/iam-policy.ts";
import { missingActions } from "../../../helper/probe/missing-actions.ts";
import { providerProfiles } from "../../../helper/probe/provider-profiles.ts";
import { translateError } from "../../../helper/s3/translate-error.ts";

describe("the table of providers", () => {
  test.each(Object.entries(providerProfiles))(
    "%s: every fact has a source, and what has none is unknown",
    (id, profile) => {
      expect(profile.id).toBe(id);
      for (const [name, fact] of Object.entries(profile)) {
        if (typeof fact !== "object" || !("value" in fact)) continue;
        expect(fact.source, name).not.toBe("");
        if (fact.source === "unknown" && !Array.isArray(fact.value)) expect(fact.value, name).toBe("unknown");
      }
      // A refusal is only known when its answer is.
      expect(profile.conditionalWrites.value === "refused").toBe(profile.conditionalRefusal !== undefined);
      expect(profile.sha256Header.value === "refused").toBe(profile.sha256Refusal !== undefined);
    },
  );

  test.each(Object.values(providerProfiles))("$name stands in docs/stores.md with every source", (profile) => {
    const page = readFileSync(new URL("../../../docs/stores.md", import.meta.url), "utf8");
    const section = page.split("### ").find((part) => part.startsWith(`${profile.name}\n`)) ?? "";
    expect(section).toContain("| Conditional write |");
    for (const fact of Object.values(profile)) {
      if (typeof fact !== "object" || !("value" in fact) || fact.source === "unknown") continue;
      expect(section).toContain(`| ${fact.source} |`);
    }
  });

  // SeaweedFS' signal is that of a missing permission; its words say both.
  const signals = Object.values(providerProfiles).flatMap(({ id, quotaSignals }) =>
    quotaSignals.value.filter(() => id !== "seaweedfs").map((signal) => [id, signal] as const),
  );
  test.each(signals)("%s's signal of a full bucket is read as one: %o", (_id, { status, code, words = "" }) => {
    const error = Object.assign(new Error(words), { name: code, $metadata: { httpStatusCode: status } });
    expect(translateError(error, { action: "s3:PutObject" }).code).toBe("quota-exceeded");
  });
});

describe("guessing the provider", () => {
  test.each([
    [undefined, undefined, "aws", "endpoint"],
    ["https://s3.eu-west-1.amazonaws.com", undefined, "aws", "endpoint"],
    ["https://0123456789abcdef.r2.cloudflarestorage.com", "cloudflare", "r2", "endpoint"],
    ["https://s3.us-west-004.backblazeb2.com", "nginx", "b2", "endpoint"],
    ["https://s3.eu-central-1.wasabisys.com", undefined, "wasabi", "endpoint"],
    ["https://storage.googleapis.com", "UploadServer", "gcs", "endpoint"],
    ["http://127.0.0.1:9000", "MinIO", "minio", "server header"],
    ["http://nas.local:8333", "SeaweedFS 30GB 4.19", "seaweedfs", "server header"],
    ["http://nas.local:7070", "VERSITYGW", "versitygw", "server header"],
    ["https://s3.example.com", "nginx", undefined, "nothing"],
    // Nobody becomes AWS by a name that ends like it.
    ["https://s3.amazonaws.com.example.org", undefined, undefined, "nothing"],
    ["https://evilbackblazeb2.com", undefined, undefined, "nothing"],
  ] as const)("%s with Server %s is %s, by %s", (endpoint, server, id, by) => {
    const guess = guessProvider(endpoint, server);
    expect([guess.profile?.id, guess.by]).toEqual([id, by]);
  });
});

test("what was seen corrects the table, and only what both know is compared", () => {
  const seen = { sha256InHead: "no", etag: "md5", encodingTypeUrl: "unknown" } as const;
  const asDeclared = { ...seen, conditionalWrites: "refused", sha256Header: "refused" } as const;
  expect(compareWithProfile(providerProfiles.b2, asDeclared)).toEqual([]);
  const newer = { ...seen, conditionalWrites: "honored", sha256Header: "verified", sha256InHead: "yes" } as const;
  expect(compareWithProfile(providerProfiles.b2, newer)).toEqual([
    "conditional writes: honored here, refused by what is known of Backblaze B2",
    "SHA-256 of uploads: verified here, refused by what is known of Backblaze B2",
    "SHA-256 in HEAD: yes here, refused by what is known of Backblaze B2",
  ]);
});

describe("the policy", () => {
  test.each([true, false])("lets nobody delete, and names the prefix (AWS: %s)", (isAws) => {
    const text = JSON.stringify(iamPolicy("b", "my/photos", { isAws }));
    expect(text).not.toMatch(/Delete|"s3:\*"|"\*"/);
    expect(text).toContain('"arn:aws:s3:::b/my/photos/*"');
    expect(text).toContain(isAws ? "StringLikeIfExists" : '"StringLike":');
  });

  test("without a prefix covers the whole bucket", () => {
    const text = JSON.stringify(iamPolicy("b", "", { isAws: true }));
    expect(text).toContain('"arn:aws:s3:::b/*"');
    expect(text).not.toContain("Condition");
  });

  test("names each refused action once", () => {
    const multipart = { create: "denied", listUploads: "denied" } as const;
    const tried = { listing: "allowed", reading: "allowed", writing: "denied", location: "denied", multipart } as const;
    expect(missingActions(tried)).toEqual(["s3:PutObject", "s3:ListBucketMultipartUploads", "s3:GetBucketLocation"]);
  });
});
