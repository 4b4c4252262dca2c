import { BodyStore, type SegmentWriter } from "./body-store.ts";
import { checkBody, declaredBody } from "./check-body.ts";
import { checkKey } from "./check-key.ts";
import { operationRules, type OperationName } from "./classify-operation.ts";
import type { StoreBehavior } from "./loopback-options.ts";
import type { Answer, OperationContext } from "./operation-context.ts";
import { createBucket, getBucketLocation, headBucket, listBuckets } from "./operations/buckets.ts";
import { completeMultipartUpload } from "./operations/complete-multipart-upload.ts";
import { deleteObject, getObject, headObject } from "./operations/get-object.ts";
import { listMultipartUploads } from "./operations/list-multipart-uploads.ts";
import { listObjectsV2 } from "./operations/list-objects.ts";
import { abortMultipartUpload, createMultipartUpload, listParts, uploadPart } from "./operations/multipart-upload.ts";
import { putObject } from "./operations/put-object.ts";
import type { ReceivedBody } from "./receive-body.ts";
import { S3Error } from "./s3-error.ts";
import type { S3Request } from "./s3-request.ts";
import type { ServerState } from "./server-state.ts";
import { verifySignature } from "./verify-signature.ts";
import type { ActiveFaults } from "./faults.ts";

type Handler = (context: OperationContext) => Answer | Promise<Answer>;

const handlers: Record<OperationName, Handler> = {
  ListBuckets: listBuckets,
  HeadBucket: headBucket,
  CreateBucket: createBucket,
  GetBucketLocation: getBucketLocation,
  ListObjectsV2: listObjectsV2,
  ListMultipartUploads: listMultipartUploads,
  PutObject: putObject,
  UploadPart: uploadPart,
  GetObject: getObject,
  HeadObject: headObject,
  DeleteObject: deleteObject,
  CreateMultipartUpload: createMultipartUpload,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
};

const takesBody: ReadonlySet<OperationName> = new Set([
  "PutObject",
  "UploadPart",
  "CreateBucket",
  "CompleteMultipartUpload",
]);
const memory = new BodyStore("memory", undefined);

interface Performance {
  server: ServerState;
  request: S3Request;
  operation: OperationName;
  faults: ActiveFaults;
  /** Reads the request's body into the writer. */
  receiveInto: (writer: SegmentWriter) => Promise<ReceivedBody>;
}

/** Who may? What? Then does it. @throws S3Error, ConnectionCut */
export async function performOperation(performance: Performance): Promise<Answer> {
  const { server, request, operation, faults } = performance;
  const accessKey = verifySignature(request, {
    accessKeys: server.accessKeys,
    region: server.store.findBucket(request.bucket ?? "")?.region ?? server.region,
    now: server.now(),
    behavior: server.behavior,
  });
  if (accessKey.deniedActions?.includes(operationRules[operation].action)) {
    throw new S3Error(403, "AccessDenied", "Access Denied");
  }
  if (request.key !== undefined) checkKey(request.key, server.behavior);
  if (server.behavior.isFull && fillsTheBucket.has(operation)) throw full(server.behavior);
  const receive = async (writer: SegmentWriter, rules?: StoreBehavior): Promise<ReceivedBody> => {
    const declared = declaredBody(request, rules);
    const received = await performance.receiveInto(writer);
    try {
      checkBody(declared, received, server.behavior);
    } catch (error) {
      server.store.bodies.remove([received.segment]);
      throw error;
    }
    return received;
  };
  // A checksum header beside an XML body speaks of the object it completes, not of the body.
  const receiveText = async (): Promise<string> => (await receive(memory.writer())).segment.bytes?.toString() ?? "";
  if (!takesBody.has(operation)) await checkNoBody(request, receiveText);
  const { store, behavior, region, now } = server;
  const context: OperationContext = {
    request,
    store,
    behavior,
    region,
    accessKey,
    faults,
    now,
    receive: () => receive(store.bodies.writer(), behavior),
    receiveText,
  };
  return handlers[operation](context);
}

const fillsTheBucket: ReadonlySet<OperationName> = new Set(["PutObject", "UploadPart", "CompleteMultipartUpload"]);

function full({ quotaAnswer: { status, code, message } }: StoreBehavior): S3Error {
  return new S3Error(status, code, message);
}

const emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

async function checkNoBody(request: S3Request, receiveText: () => Promise<string>): Promise<void> {
  if (Number(request.headers["content-length"] ?? 0) > 0) await receiveText();
  const { payloadSha256 } = declaredBody(request);
  if (payloadSha256 === undefined || payloadSha256 === emptySha256) return;
  const words = "The provided 'x-amz-content-sha256' header does not match what was computed.";
  throw new S3Error(400, "XAmzContentSHA256Mismatch", words);
}
