import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll } from "vitest";
import { LOCAL_S3_CREDENTIALS, type LocalS3, startLocalS3 } from "@/server/local-s3/start-local-s3";
import { describeS3Contract } from "@/tests/s3/contract";

let dataDir = "";
let server: LocalS3 | undefined;

beforeAll(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "local-s3-"));
  server = await startLocalS3({ dataDir });
});

afterAll(async () => {
  await server?.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describeS3Contract("local S3", () => {
  if (server === undefined) throw new Error("The server has not started.");
  return { endpoint: server.endpoint, region: server.region, ...LOCAL_S3_CREDENTIALS };
});
