import { chooseType } from "../../domain/content-type";
import { type KeepPolicy, needsOf, needsTags } from "../../domain/keep-policy";
import {
  type Kept,
  keptLines,
  keptSum,
  METADATA_PREFIX,
  sendableMetadata,
  tagsToSend,
} from "../../domain/kept-headers";
import type { ObjectMetadata, OpenedObject, SourceStore } from "../stores/object-store";
import { cannedAcl, taggingHeader } from "../stores/s3-extras";
import { SNIFFED_BYTES, sniffType } from "../stores/sniff-type";
import type { Finding, KeptResult } from "./kept-result";

type Context = { source: SourceStore; options: { keep: KeepPolicy }; signal: AbortSignal };

/** What goes with the bytes of one object, and what must be found there afterwards. */
export type SentHeaders = {
  headers: ObjectMetadata;
  /** As {@link keptLines} writes it. */
  lines: string[];
  sum: number;
  /** The bytes are not of the type that was told. */
  finding: Finding | undefined;
};

/** Decides the headers of one object from what the source tells, what its first bytes are and what the plan keeps. */
export async function sentHeaders(
  { source, options, signal }: Context,
  { key, opened, head }: { key: string; opened: OpenedObject; head: Buffer },
): Promise<SentHeaders> {
  const policy = options.keep;
  const needs = needsOf(policy);
  const isAsked = policy.tags === "keep" || policy.acl === "keep";
  const extras = isAsked
    ? await source.extras?.(key, { needs: { tags: policy.tags === "keep", grants: policy.acl === "keep" }, signal })
    : undefined;
  const told = opened.metadata["content-type"];
  const sniffed = await sniffType(head);
  const chosen = chooseType(told, sniffed, {
    isOnlyNamed: opened.isTypeByName === true,
    policy: policy.contentType,
  });
  const kept: Kept = {
    headers: { ...opened.metadata, "content-type": chosen.type },
    storageClass: policy.storageClass === "keep" ? opened.storageClass : policy.storageClass,
    tags: tagsToSend(policy, extras?.tags ?? []),
    grants: extras?.grants,
  };
  const lines = keptLines(policy, kept);
  const untold = opened.untoldMetadata ?? 0;
  // Never found again, so that the object is not called complete.
  if (untold > 0) lines.push(`${untold} metadata entries that the source cannot tell`);
  return {
    headers: {
      ...signable(kept.headers),
      ...(needs.storageClass ? classHeader(kept) : {}),
      ...extraHeaders(policy, kept),
    },
    lines,
    sum: keptSum(lines),
    finding: chosen.differs
      ? { kind: "type", told: told ?? "no type", found: sniffed ?? "", sent: chosen.type }
      : undefined,
  };
}

/** What a row remembers of them until the destination was asked. */
export function toKept({ sum, finding }: SentHeaders): KeptResult {
  const findings = finding === undefined ? [] : [finding];
  return { sum, headers: "unknown", typeDiffers: finding !== undefined, findings };
}

/** The first bytes of an object that is not read into memory. */
export async function readHead(
  { source, signal }: Pick<Context, "source" | "signal">,
  { key, fingerprint, sizeBytes }: { key: string; fingerprint: string; sizeBytes: number },
): Promise<Buffer> {
  const end = Math.min(sizeBytes, SNIFFED_BYTES);
  if (end === 0) return Buffer.alloc(0);
  const pieces: Buffer[] = [];
  for await (const piece of (await source.openRange(key, {
    start: 0,
    end,
    fingerprint,
    signal,
  })) as AsyncIterable<Buffer>)
    pieces.push(piece);
  return Buffer.concat(pieces);
}

function signable(headers: ObjectMetadata): ObjectMetadata {
  const sent: ObjectMetadata = {};
  for (const [name, value] of Object.entries(headers)) {
    sent[name] = name.startsWith(METADATA_PREFIX) ? sendableMetadata(value) : value;
  }
  return sent;
}

const classHeader = ({ storageClass = "STANDARD" }: Kept): ObjectMetadata =>
  storageClass === "STANDARD" ? {} : { "x-amz-storage-class": storageClass };

function extraHeaders(policy: KeepPolicy, { tags = [], grants = [] }: Kept): ObjectMetadata {
  const acl = policy.acl === "bucket_owner_full" ? "bucket-owner-full-control" : cannedAcl(grants);
  return {
    ...(needsTags(policy) && tags.length > 0 ? { "x-amz-tagging": taggingHeader(tags) } : {}),
    ...(policy.acl === "none" || acl === "private" ? {} : { "x-amz-acl": acl }),
  };
}
