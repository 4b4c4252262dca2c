import type { S3Client } from "@aws-sdk/client-s3";

/** Steps of every request that do nothing for us: no logger, no 100-continue, no Lambda, no directory buckets. */
const idleSteps = [
  "loggerMiddleware",
  "addExpectContinueMiddleware",
  "recursionDetectionMiddleware",
  "s3ExpressMiddleware",
];

/** Takes from the SDK's client what costs time with every request and changes none of them. */
export function lightenClient(client: S3Client): void {
  for (const name of idleSteps) client.middlewareStack.remove(name);
  keepSigner(client);
}

/** The SDK makes a signer for every request. One for each region and service asks for the credentials as often. */
function keepSigner({ config }: S3Client): void {
  const make = config.signer;
  const signers = new Map<string, ReturnType<typeof make>>();
  config.signer = (scheme) => {
    const name = `${scheme?.name} ${scheme?.signingRegion} ${scheme?.signingName}`;
    let signer = signers.get(name);
    if (!signer) signers.set(name, (signer = make(scheme)));
    return signer;
  };
}
