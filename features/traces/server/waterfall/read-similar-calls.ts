import type { SimilarCalls } from "@/features/traces/contract";
import { findCallGroups } from "@/features/traces/domain/diagnosis/call-groups";
import { compareAttributes } from "@/features/traces/domain/waterfall/similar-calls";
import { readSpan } from "../decoding/read-span";
import type { OpenTrace } from "../open-trace";

/** Calls read at most, spread over all: 300 take some 10 ms. */
const MAX_COMPARED = 300;

/** Group of each row that is in one. Kept as long as the trace is. */
const known = new WeakMap<OpenTrace["skeleton"], Map<number, number[]>>();

/** How the attributes of a row compare with those of the similar calls under its parent. */
export function readSimilarCalls(trace: OpenTrace, row: number): SimilarCalls {
  const rows = groupsOf(trace).get(row) ?? [row];
  const step = Math.max(1, rows.length / MAX_COMPARED);
  const picked = new Set([row]);
  for (let at = 0; at < rows.length && picked.size < MAX_COMPARED; at += step) picked.add(rows[Math.floor(at)] ?? row);
  const calls = [...picked].map(
    (call) => new Map(readSpan(trace, call).attributes.map(({ key, value }) => [key, textOf(value)])),
  );
  return { version: trace.version, count: rows.length, compared: picked.size, ...compareAttributes(calls) };
}

function groupsOf({ skeleton }: OpenTrace): Map<number, number[]> {
  const found = known.get(skeleton);
  if (found !== undefined) return found;
  const groups = new Map(findCallGroups(skeleton).flatMap(({ rows }) => rows.map((row) => [row, rows] as const)));
  known.set(skeleton, groups);
  return groups;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}
