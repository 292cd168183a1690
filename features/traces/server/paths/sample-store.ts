import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import * as z from "zod/mini";
import { foldedTraceSchema } from "@/features/traces/domain/paths/fold-trace";
import { stepSchema } from "@/features/traces/domain/paths/path-schema";
import { messageOf } from "@/lib/errors";
import { log } from "@/server/log/log";
import { findSample, saveSample } from "./path-sample-repository";

const pack = promisify(gzip);
const unpack = promisify(gunzip);

const MAX_JSON_BYTES = 32 * 1024 * 1024;

const storedSampleSchema = z.object({
  nodes: z.array(z.extend(stepSchema, { parent: z.number().check(z.int()) })),
  traces: z.array(foldedTraceSchema),
  seenCount: z.number(),
});
/** A folded sample and how many traces it was taken from. */
export type StoredSample = z.infer<typeof storedSampleSchema>;
export type DatedSample = StoredSample & { sampledAtMs: number; sizeBytes: number };

/** What a sample is of, as one short key. The version changes with the way traces are folded. */
export function sampleKey(parts: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify(["v2", ...parts]))
    .digest("hex");
}

/** Samples in Postgres, so that a restart does not read a hundred traces again. A cache: its failures are only logged. */
export class SampleStore {
  async find(key: string): Promise<DatedSample | undefined> {
    try {
      const row = await findSample(key);
      if (row === undefined) return undefined;
      const json = await unpack(row.body, { maxOutputLength: MAX_JSON_BYTES });
      const sample = storedSampleSchema.parse(JSON.parse(json.toString("utf8")));
      return { ...sample, sampledAtMs: row.sampledAtMs, sizeBytes: json.length };
    } catch (error) {
      log().warn({ reason: messageOf(error) }, "kept sample of traces not read");
      return undefined;
    }
  }

  async save(key: string, sample: StoredSample, sampledAtMs: number): Promise<DatedSample> {
    const json = Buffer.from(JSON.stringify(sample));
    const dated = { ...sample, sampledAtMs, sizeBytes: json.length };
    if (json.length > MAX_JSON_BYTES) return dated;
    try {
      await saveSample(key, { body: await pack(json, { level: 1 }), sampledAtMs });
    } catch (error) {
      log().warn({ reason: messageOf(error) }, "sample of traces not kept");
    }
    return dated;
  }
}
