import { afterAll, beforeAll } from "vitest";
import { describeS3Contract } from "./contract";
import { startVersitygw } from "./start-versitygw";

/** What the posix backend of this version does differently from S3; the engine must live with it. */
const DEVIATIONS = {
  "refuses an unknown access key with InvalidAccessKeyId": "answers 404 XAdminUserNotFound",
  "does not keep aws-chunked as the object's encoding": "stores aws-chunked as the content encoding",
  "tells checksum and size by GetObjectAttributes": "refuses a list of several attributes",
  "tells the storage class that is not the usual one": "every object is STANDARD",
  "keeps canned access rules": "refuses them: 501 NotImplemented",
  "refuses a deletion document that is not XML": "answers with another code than MalformedXML",
  "percent-encodes keys when asked": "ignores encoding-type",
  "refuses a continuation token it never gave": "takes any text as a token",
  "keeps a key and keys below it apart: a, a/b": "keys are files and folders: 409 ObjectParentIsFile",
  "keeps x//y and x/y apart": "keys are paths: both are x/y",
  "keeps data under a key that ends in a slash": "a folder holds no data: 400",
  "refuses a key of 1,025 bytes": "accepts it",
};

let server: Awaited<ReturnType<typeof startVersitygw>> | undefined;

beforeAll(async () => {
  server = await startVersitygw();
});

afterAll(() => server?.stop());

describeS3Contract(
  "versitygw 1.8.0, posix",
  () => {
    if (server === undefined) throw new Error("The server has not started.");
    return server.target;
  },
  DEVIATIONS,
);
