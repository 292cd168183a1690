import fs from "node:fs/promises";
import path from "node:path";
import { closeCollectorPool, deleteTracesByResourceAttribute } from "@/features/collector/server";
import { createS3Migration, deleteS3Migration, listS3Migrations } from "@/features/s3-migrations/server";
import { SAMPLE_ATTRIBUTE, SAMPLE_SERVICES, type SamplePorts } from "@/features/sample-data/server";
import { forgetServices } from "@/features/traces/server";
import { jaegerApiUrl, otlpUrl } from "@/server/config/address";
import { env } from "@/server/config/env";
import { LOCAL_S3_CREDENTIALS, startLocalS3 } from "@/server/local-s3/start-local-s3";

const BUCKET = "circuitverse-previews";
/** Slow on purpose: a migration worth watching for some minutes. */
const OBJECTS_PER_SECOND = 15;
const SAMPLE_ACTOR = { name: "Sample data" };

/** Joins the sample to the pillars it fills; only this entry knows them all. */
export function samplePorts(): SamplePorts {
  const { OPS_DATA_DIR, JAEGER_URL } = env();
  const isEmbedded = JAEGER_URL === jaegerApiUrl();
  return {
    dataDir: OPS_DATA_DIR,
    otlpEndpoint: isEmbedded ? otlpUrl() : undefined,
    removeTraces: removeSampleTraces,
    serveBucket,
    startS3Migration,
    removeS3Migrations,
  };
}

async function removeSampleTraces(): Promise<void> {
  try {
    await deleteTracesByResourceAttribute(SAMPLE_ATTRIBUTE, "true");
    // The console would go on showing what it had read of them.
    await forgetServices(SAMPLE_SERVICES);
  } finally {
    await closeCollectorPool();
  }
}

/** A migration remembers its endpoint, so the server comes back on the port it had, if that is still free. */
async function serveBucket(dir: string, signal: AbortSignal): Promise<{ endpoint: string }> {
  await fs.mkdir(dir, { recursive: true });
  const portFile = path.join(dir, "port");
  const wanted = Number(await fs.readFile(portFile, "utf8").catch(() => "0"));
  const options = { dataDir: dir, buckets: [BUCKET] };
  const server = await startLocalS3({ ...options, port: wanted }).catch(() => startLocalS3(options));
  await fs.writeFile(portFile, String(server.port));
  signal.addEventListener("abort", () => void server.stop(), { once: true });
  return { endpoint: server.endpoint };
}

async function startS3Migration({ sourceDir, endpoint }: { sourceDir: string; endpoint: string }): Promise<void> {
  const plan = {
    name: "Preview images to S3",
    source: { kind: "local" as const, path: sourceDir },
    destination: {
      kind: "s3" as const,
      bucket: BUCKET,
      prefix: "previews/",
      endpoint,
      profile: LOCAL_S3_CREDENTIALS.accessKeyId,
    },
    options: { limits: { objectsPerSecond: OBJECTS_PER_SECOND }, chunkObjects: 250 },
    start: true,
  };
  await createS3Migration(plan, SAMPLE_ACTOR, { isSample: true });
}

async function removeS3Migrations(): Promise<void> {
  for (const { id, isSample } of await listS3Migrations()) if (isSample) await deleteS3Migration(id, SAMPLE_ACTOR);
}
