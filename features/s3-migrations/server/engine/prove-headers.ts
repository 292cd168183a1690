import { type KeepPolicy, needsOf } from "../../domain/keep-policy";
import { keptDifference, keptLines, keptSum } from "../../domain/kept-headers";
import type { SourceStore } from "../stores/object-store";
import type { S3Destination, StoredObject } from "../stores/s3-destination";
import { asExpected } from "./as-expected";
import type { ChunkObject } from "./chunk-repository";
import type { KeptResult } from "./kept-result";
import { readHead, sentHeaders } from "./sent-headers";

type Context = {
  source: SourceStore;
  destination: S3Destination;
  options: { keep: KeepPolicy };
  signal: AbortSignal;
};

/**
 * Compares what the destination tells with what was sent with the bytes; where they differ, the source is asked once
 * more, so that the difference can be named. `undefined` for an object copied before anything was remembered of it.
 */
export async function proveHeaders(
  context: Context,
  object: ChunkObject,
  there: StoredObject,
): Promise<KeptResult | undefined> {
  if (object.keptSum === null) return undefined;
  const { destination, options, signal } = context;
  const { keep } = options;
  const needs = { tags: needsOf(keep).tags, grants: keep.acl === "keep" };
  const extras =
    needs.tags || needs.grants ? await destination.extras(object.destinationKey, needs, signal) : undefined;
  const { metadata: headers, storageClass } = there;
  const found = keptLines(keep, { headers, storageClass, ...extras });
  const kept = { sum: object.keptSum, typeDiffers: object.typeDiffers };
  if (keptSum(found) === object.keptSum) return { ...kept, headers: "proven", findings: [] };
  const difference = keptDifference(await wantedLines(context, object), found);
  return { ...kept, headers: "different", findings: [{ kind: "headers", ...difference, sent: null }] };
}

/** A source that is gone or changed by now cannot name the difference, which stands all the same. */
async function wantedLines(context: Context, object: ChunkObject): Promise<string[]> {
  const { source, signal } = context;
  try {
    const opened = asExpected(object, await source.stat(object.key, { fingerprint: object.fingerprint, signal }));
    const head = await readHead(context, { key: object.key, ...opened });
    return (await sentHeaders(context, { key: object.key, opened, head })).lines;
  } catch {
    // The source cannot be asked any more: that is what the proof says.
    signal.throwIfAborted();
    return ["what the source had when it was copied"];
  }
}
