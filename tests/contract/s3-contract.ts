import { afterAll, beforeAll, describe } from "vitest";
import { bodyContract } from "./body-contract.ts";
import { bucketContract } from "./bucket-contract.ts";
import { contractClient } from "./contract-client.ts";
import type { ContractContext } from "./contract-context.ts";
import { differencesOf } from "./differences.ts";
import { keyContract } from "./key-contract.ts";
import { listingContract } from "./listing-contract.ts";
import { multipartContract } from "./multipart-contract.ts";
import { objectContract } from "./object-contract.ts";
import type { ServerFactory } from "./server-under-test.ts";
import { signatureContract } from "./signature-contract.ts";

const parts = {
  buckets: bucketContract,
  objects: objectContract,
  bodies: bodyContract,
  keys: keyContract,
  listings: listingContract,
  "multipart uploads": multipartContract,
  signatures: signatureContract,
};

/** Everything the engine relies on in a store, as tests against a server that is started for them. */
export function describeS3Contract(factory: ServerFactory): void {
  describe(`S3 contract of ${factory.title ?? factory.name}`, () => {
    let context: ContractContext | undefined;

    beforeAll(async () => {
      const server = await factory.start();
      context = { server, client: contractClient(server), bucket: "photos" };
      await server.createBucket(context.bucket);
    });

    afterAll(async () => {
      context?.client.destroy();
      await context?.server.close();
    });

    const running = (): ContractContext => {
      if (!context) throw new Error("The server was not started");
      return context;
    };
    for (const [name, part] of Object.entries(parts)) {
      describe(name, () => part(running, differencesOf[factory.name]));
    }
  });
}
