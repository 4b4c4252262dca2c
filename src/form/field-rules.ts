/** Why this cannot be a bucket's name; undefined when it can. */
export function bucketError(bucket: string | undefined): string | undefined {
  const given = bucket?.trim() ?? "";
  if (given === "") return "Needed: List Buckets shows yours";
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{2,254}$/.test(given)) return "The bare name, without s3:// or slashes";
  return undefined;
}

export function regionError(region: string | undefined): string | undefined {
  return region?.trim() ? undefined : "Needed: us-east-1 where your provider has no regions";
}

/** Why this cannot be a prefix; undefined when it can. */
export function prefixError(prefix: string | undefined): string | undefined {
  const parts = cleanPrefix(prefix).split("/");
  if (parts.length === 1 && parts[0] === "") return undefined;
  const isFine = parts.every((part) => part !== "" && part !== "." && part !== ".." && part !== ".photolala");
  return isFine ? undefined : "Names with single slashes between them, such as photos or backup/photos";
}

/** As the helper keeps it: no slash or space at either end. */
export function cleanPrefix(prefix: string | undefined): string {
  return (prefix ?? "")
    .trim()
    .normalize("NFC")
    .replace(/^\/+|\/+$/g, "");
}
