"use client";

import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { StateGlyph } from "@/components/ui/state-glyph";
import { bytesQuantity, formatBytes, formatCount, formatNumber } from "@/lib/format";
import type { S3MigrationSnapshot } from "../contract";
import { balanceOf, type EvidencePart, evidenceParts, provenObjects } from "../domain/evidence";
import { ChunkStrip } from "./chunk-strip";
import { EvidenceBar } from "./evidence-bar";
import { EvidenceLegend } from "./evidence-legend";
import { clockText, etaText } from "./migration-words";

type EvidenceCardProps = { id: string; snapshot: S3MigrationSnapshot; nowMs: number | undefined };

/** What is at the destination and how surely: figures, the two stacks, the chunks, and the sum that must hold. */
export function EvidenceCard({ id, snapshot, nowMs }: EvidenceCardProps) {
  const parts = evidenceParts(snapshot);
  return (
    <Card aria-label="Progress by proof" className="px-4 pt-3.5 pb-3 max-phone:px-3.5">
      <Headline snapshot={snapshot} proven={provenObjects(parts)} nowMs={nowMs} />
      <div className="mt-3 grid grid-cols-[62px_minmax(0,1fr)] items-center gap-x-2.5 gap-y-1 text-sm text-ink-3">
        <span>Objects</span>
        <EvidenceBar label="Objects by proof" parts={parts} of="objects" className="h-[22px]" />
        <span>Bytes</span>
        <EvidenceBar label="Bytes by proof" parts={byteParts(parts, snapshot)} of="bytes" className="h-3" />
        {snapshot.reported === null && (
          <>
            <span>Chunks</span>
            <ChunkStrip id={id} />
          </>
        )}
      </div>
      <EvidenceLegend id={snapshot.reported === null ? id : undefined} parts={parts} />
      <SumLine parts={parts} snapshot={snapshot} nowMs={nowMs} />
    </Card>
  );
}

/** Bytes of what needs people are kept as one sum: it stands where the people's part begins. */
function byteParts(parts: readonly EvidencePart[], { bytes }: S3MigrationSnapshot): EvidencePart[] {
  return parts.map((part) => {
    if (part.kind === "decide") return { ...part, bytes: bytes.other };
    return part.kind === "waiting" ? { ...part, bytes: bytes.waiting } : part;
  });
}

function Headline({
  snapshot,
  proven,
  nowMs,
}: {
  snapshot: S3MigrationSnapshot;
  proven: number;
  nowMs: number | undefined;
}) {
  const { inventory, bytes, rate, eta } = snapshot;
  const present = bytesQuantity(bytes.present);
  const isSealed = inventory.sealedAt !== null;
  return (
    <div className="flex flex-wrap items-end gap-x-8 gap-y-2 max-phone:grid max-phone:gap-y-1">
      <Figure label="Copied with proof" value={formatCount(proven)}>
        of {isSealed ? "" : "at least "}
        {formatCount(inventory.objects)} objects
      </Figure>
      <Figure label="At the destination" value={present.value}>
        {present.unit} of {isSealed ? "" : "at least "}
        {formatBytes(inventory.bytes)}
      </Figure>
      {rate !== null && (
        <Figure label="Now" value={formatNumber(rate.objectsPerSecond)}>
          objects/s, {formatBytes(rate.bytesPerSecond)}/s
        </Figure>
      )}
      {eta.kind !== "none" && nowMs !== undefined && (
        <div className="ml-auto text-right max-phone:ml-0">
          <Figure
            label={eta.kind === "range" ? "Verified, p20 to p80" : "Verified"}
            value={etaText(eta, snapshot, nowMs)}
          />
        </div>
      )}
    </div>
  );
}

function Figure({ label, value, children }: { label: string; value: string; children?: ReactNode }) {
  return (
    <div className="min-w-0 max-phone:flex max-phone:flex-wrap max-phone:items-baseline max-phone:justify-between max-phone:gap-x-3">
      <p className="text-sm text-ink-2">{label}</p>
      <p className="flex flex-wrap items-baseline gap-x-2 text-2xl/8 font-semibold tracking-tight tabular-nums max-phone:text-xl">
        <span className="whitespace-nowrap">{value}</span>
        {children !== undefined && (
          <span className="text-lg font-normal tracking-normal text-ink-3 max-phone:text-md">{children}</span>
        )}
      </p>
    </div>
  );
}

function SumLine({
  parts,
  snapshot,
  nowMs,
}: {
  parts: readonly EvidencePart[];
  snapshot: S3MigrationSnapshot;
  nowMs: number | undefined;
}) {
  const { inventory } = snapshot;
  if (inventory.sealedAt === null) {
    return (
      <Line tone="running">
        {snapshot.reported === null ? "Still listing" : "The job has not ended its report"}: at least{" "}
        {formatCount(inventory.objects)} objects so far. No total is final before{" "}
        {snapshot.reported === null ? "it is sealed" : "the job's own count is the same"}.
      </Line>
    );
  }
  const { terms, sum, total, isBalanced } = balanceOf(parts, inventory.objects);
  const sealedAt = nowMs === undefined ? "" : ` at ${clockText(inventory.sealedAt, nowMs)}`;
  const spelled = terms.length === 0 ? "0" : terms.map(formatCount).join(" + ");
  return isBalanced ? (
    <Line tone="ok">
      Adds up: {spelled} = {formatCount(total)}, the inventory sealed{sealedAt}.
    </Line>
  ) : (
    <Line tone="bad">
      Does not add up: {spelled} = {formatCount(sum)}, but the inventory sealed{sealedAt} has {formatCount(total)}.
    </Line>
  );
}

function Line({ tone, children }: { tone: "ok" | "bad" | "running"; children: ReactNode }) {
  return (
    <p className="mt-2.5 flex items-start gap-2 border-t border-line pt-2 text-sm text-ink-2">
      <StateGlyph tone={tone} className="mt-0.5" />
      <span>{children}</span>
    </p>
  );
}
