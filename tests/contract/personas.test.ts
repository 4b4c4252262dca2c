import type { ProviderId } from "../../helper/probe/provider-profile.ts";
import { providerProfiles } from "../../helper/probe/provider-profiles.ts";
import { personaOf } from "../support/loopback-s3/personas.ts";
import { describeS3Contract } from "./s3-contract.ts";
import { startLoopback } from "./start-loopback.ts";

for (const id of Object.keys(providerProfiles) as ProviderId[]) {
  describeS3Contract({ name: id, title: `the loopback as ${id}`, start: () => startLoopback(personaOf(id)) });
}
