import type { S3Client } from "@aws-sdk/client-s3";

/** Steps of every request that do nothing for us: no logger, no 100-continue, no Lambda, no directory buckets, no other region. */
const idleSteps = [
  "loggerMiddleware",
  "addExpectContinueMiddleware",
  "recursionDetectionMiddleware",
  "s3ExpressMiddleware",
  "regionRedirectMiddleware",
  "getUserAgentMiddleware",
];

/** As a bucket's access log shows us. */
const userAgent = "photolala-backup";

/** Takes from the SDK's client what costs time with every request and changes none of them. */
export function lightenClient(client: S3Client): void {
  for (const name of idleSteps) client.middlewareStack.remove(name);
  nameOurselves(client);
  leaveRetriesToUs(client);
  keepSigner(client);
}

function nameOurselves({ middlewareStack }: S3Client): void {
  middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers["user-agent"] = userAgent;
      return next(args);
    },
    { step: "build", name: "nameOurselves" },
  );
}

/** With one attempt the SDK's retries count it, date it and name it, and do no more. Signing stands beside them by name. */
function leaveRetriesToUs({ middlewareStack }: S3Client): void {
  middlewareStack.remove("retryMiddleware");
  middlewareStack.add((next) => next, { step: "finalizeRequest", priority: "high", name: "retryMiddleware" });
}

/** The SDK makes a signer for every request. One for each region and service asks for the credentials as often. */
function keepSigner({ config }: S3Client): void {
  const make = config.signer;
  const signers = new Map<string, ReturnType<typeof make>>();
  config.signer = (scheme) => {
    const name = `${scheme?.name} ${scheme?.signingRegion} ${scheme?.signingName}`;
    let signer = signers.get(name);
    if (!signer) {
      signers.set(name, (signer = make(scheme)));
      // One that could not be made is made anew.
      signer.catch(() => signers.delete(name));
    }
    return signer;
  };
}
