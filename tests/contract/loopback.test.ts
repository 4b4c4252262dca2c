import { describeS3Contract } from "./s3-contract.ts";
import { startLoopback } from "./start-loopback.ts";

describeS3Contract({ name: "loopback", start: () => startLoopback() });
