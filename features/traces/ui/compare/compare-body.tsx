"use client";

import { EmptyState } from "@/components/states/empty-state";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { formatCount } from "@/lib/format";
import type { CompareReply } from "../../contract";
import { type CompareSides, onlySlowest } from "../../domain/compare-view/compare-side";
import { ChangeBars } from "./change-bars";
import { ChangeSentence } from "./change-sentence";
import { DensityPlot } from "./density-plot";
import { ExamplePairs } from "./example-pairs";
import { GrownTree } from "./grown-tree";
import { RequestTable } from "./request-table";
import { useSearchValue } from "./use-search-value";

type CompareBodyProps = {
  reply: CompareReply;
  sides: CompareSides;
  names: { before: string; after: string };
  isStale: boolean;
  onSides: (sides: CompareSides) => void;
};

/** The sum, the bars, the distributions, the numbers and the steps of one comparison. */
export function CompareBody({ reply, sides, names, isStale, onSides }: CompareBodyProps) {
  const [stepText, setStep] = useSearchValue("step");
  const selected = /^\d{1,4}$/.test(stepText) ? Number(stepText) : undefined;
  const select = (step: number | undefined) => setStep(step === undefined ? "" : String(step));
  const empty = [
    reply.before.readCount === 0 ? names.before : "",
    reply.after.readCount === 0 ? names.after : "",
  ].filter((name) => name !== "");
  if (empty.length > 0) return <NothingToCompare empty={empty} reply={reply} />;
  return (
    <div className={`grid gap-2.5 ${isStale ? "opacity-60" : ""}`}>
      <Card aria-label="What changed" className="overflow-clip">
        <ChangeSentence onSelect={select} reply={reply} selected={selected} />
        <ChangeBars names={names} reply={reply} selected={selected} />
      </Card>
      {sides.a.kind === "trace" && sides.b.kind === "trace" ? (
        // Two requests have no distribution.
        <RequestTable names={names} reply={reply} title="Both requests" />
      ) : (
        <div className="grid grid-cols-[minmax(0,1fr)_minmax(380px,440px)] items-start gap-2.5 max-tablet:grid-cols-[minmax(0,1fr)]">
          <DensityPlot names={names} reply={reply} />
          <RequestTable names={names} reply={reply} />
        </div>
      )}
      <PartSwitch onSides={onSides} reply={reply} sides={sides} />
      <GrownTree names={names} onSelect={select} reply={reply} selected={selected} />
      <ExamplePairs names={names} reply={reply} />
    </div>
  );
}

type PartSwitchProps = { sides: CompareSides; reply: CompareReply; onSides: (sides: CompareSides) => void };

/** The mean hides a slow few: the same comparison of the slowest twentieth of each side. */
function PartSwitch({ sides, reply, onSides }: PartSwitchProps) {
  const { a, b } = sides;
  if (a.kind === "trace" || b.kind === "trace" || a.search.maxDurationUs !== undefined) return null;
  const isSlowest = a.search.minDurationUs !== undefined;
  const isPossible = isSlowest || Math.min(reply.before.seenCount, reply.after.seenCount) >= 40;
  if (!isPossible) return null;
  const choose = (part: "all" | "slowest") =>
    onSides({
      a: onlySlowest(a, part === "all" ? undefined : reply.before.quantiles.p95Us),
      b: onlySlowest(b, part === "all" ? undefined : reply.after.quantiles.p95Us),
    });
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm text-ink-2">
      <Segmented
        label="Which requests"
        onChange={choose}
        options={[
          { value: "all", label: "Mean request" },
          { value: "slowest", label: "Slowest 5\u202f%" },
        ]}
        value={isSlowest ? "slowest" : "all"}
      />
      {isSlowest
        ? "Only requests beyond each side's own p95."
        : `Steps are of ${formatCount(reply.before.readCount)} and ${formatCount(reply.after.readCount)} requests read whole.`}
    </div>
  );
}

function NothingToCompare({ empty, reply }: { empty: string[]; reply: CompareReply }) {
  const skipped = reply.before.skippedCount + reply.after.skippedCount;
  return (
    <Card>
      <EmptyState title={`No requests for ${empty.join(" and ")}`}>
        <p>
          {skipped > 0
            ? `${formatCount(skipped)} requests were found but could not be read whole: too large, gone, or no time left.`
            : "Nothing matches on this side. Choose another time, version or operation above."}
        </p>
      </EmptyState>
    </Card>
  );
}
