import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import path from "node:path";
import { request } from "undici";
import { freePort } from "@/server/postgres/free-port";
import { type S3World, startS3World } from "@/tests/support/s3-world";
import { until } from "@/tests/support/until";
import type { S3Target } from "./target";

/** Kept on the checkout's own disk: the posix backend needs extended attributes, which not every /tmp has. */
const CACHE = path.join(import.meta.dirname, "../.cache");

/** A real versitygw on loopback with an empty directory; the binary comes from scripts/test-go.mjs. */
export async function startVersitygw(): Promise<{ target: S3Target; stop: () => Promise<void> }> {
  const binary = process.env.OPS_TEST_VERSITYGW_BIN;
  if (binary === undefined) throw new Error("OPS_TEST_VERSITYGW_BIN is not set: run npm run test:s3.");
  await mkdir(CACHE, { recursive: true });
  const dataDir = await mkdtemp(path.join(CACHE, "versitygw-"));
  const address = `127.0.0.1:${await freePort()}`;
  const target = {
    endpoint: `http://${address}`,
    region: "us-east-1",
    accessKeyId: "contract",
    secretAccessKey: "contract-secret",
  };
  const login = ["--access", target.accessKeyId, "--secret", target.secretAccessKey];
  const child = spawn(binary, ["--port", address, ...login, "--quiet", "posix", dataDir], { stdio: "ignore" });
  const stop = async (): Promise<void> => {
    await kill(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    await until("versitygw answers", async () => (await request(target.endpoint)).statusCode > 0);
  } catch (error) {
    await stop();
    throw error;
  }
  return { target, stop };
}

/** A world of files and buckets on it; the engine finds its keys in AWS's variables. */
export async function openVersitygwWorld(): Promise<S3World> {
  const { target, stop } = await startVersitygw();
  process.env.AWS_ACCESS_KEY_ID = target.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = target.secretAccessKey;
  const world = await startS3World(target);
  return {
    ...world,
    stop: async () => {
      await world.stop();
      await stop();
    },
  };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await exited;
}
