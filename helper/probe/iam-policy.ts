/** Without these a backup stops. */
export const neededActions = ["s3:ListBucket", "s3:GetObject", "s3:PutObject"] as const;

/**
 * The least an access key needs, to paste into IAM (or the policy of a MinIO user). Nothing in it can delete.
 * @param prefix without slashes at its ends, may be empty
 */
export function iamPolicy(bucket: string, prefix: string, options: { isAws: boolean }): object {
  const below = prefix ? `${prefix}/*` : "*";
  // AWS answers a HEAD of a missing photo with 404 only to a key that may list, and such a request names no prefix.
  // MinIO has no "IfExists" and needs none.
  const operator = options.isAws ? "StringLikeIfExists" : "StringLike";
  const isOnlyPrefix = { Condition: { [operator]: { "s3:prefix": [prefix, below] } } };
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "PhotolalaList",
        Effect: "Allow",
        Action: ["s3:ListBucket"],
        Resource: [`arn:aws:s3:::${bucket}`],
        ...(prefix ? isOnlyPrefix : {}),
      },
      {
        Sid: "PhotolalaBucket",
        Effect: "Allow",
        Action: ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
        Resource: [`arn:aws:s3:::${bucket}`],
      },
      {
        Sid: "PhotolalaObjects",
        Effect: "Allow",
        Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
        Resource: [`arn:aws:s3:::${bucket}/${below}`],
      },
    ],
  };
}
