import Link from "next/link";
import { classNames } from "@/components/ui/class-names";
import { formatBytes, formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { EvidenceKind, EvidencePart } from "../domain/evidence";
import { EvidenceLadder } from "./evidence-ladder";
import { EVIDENCE_LOOKS } from "./evidence-look";

const GROUPS: { title: string; kinds: EvidenceKind[] }[] = [
  { title: "Proven, strongest first", kinds: ["read_back", "stored", "acknowledged"] },
  { title: "Not proof", kinds: ["size", "reported"] },
  { title: "Open", kinds: ["waiting", "retry"] },
  { title: "For people", kinds: ["decide", "missing", "left_out"] },
];

/** What the explorer is asked for to show the objects of a part. */
const QUERIES: Record<EvidenceKind, Record<string, string> | undefined> = {
  read_back: { tier: "read_back" },
  stored: { tier: "stored" },
  acknowledged: { tier: "acknowledged" },
  size: { tier: "size" },
  reported: undefined,
  waiting: { state: "pending" },
  retry: { state: "retry_wait" },
  decide: { state: "to_decide" },
  missing: { state: "missing_source" },
  left_out: { state: "left_out" },
};

/** Every part of the stack with its figures, each a way to its objects; the columns of the stack's own order. */
export function EvidenceLegend({ id, parts }: { id: string | undefined; parts: readonly EvidencePart[] }) {
  return (
    <div className="mt-3 grid grid-cols-[3fr_2fr_2fr_3fr] gap-x-5 gap-y-3 max-desk:grid-cols-2 max-phone:grid-cols-1">
      {GROUPS.map(({ title, kinds }) => (
        <section key={title} aria-label={title} className="min-w-0">
          <p className="border-b border-line pb-0.5 text-xs text-ink-3">{title}</p>
          <dl className="grid auto-cols-fr grid-flow-col gap-2.5 max-phone:grid-flow-row max-phone:gap-0">
            {kinds.map((kind) => {
              const part = parts.find((candidate) => candidate.kind === kind);
              return part === undefined ? null : <LegendEntry key={kind} id={id} part={part} />;
            })}
          </dl>
        </section>
      ))}
    </div>
  );
}

type LegendEntryProps = { id: string | undefined; part: EvidencePart };

function LegendEntry({ id, part: { kind, objects, bytes } }: LegendEntryProps) {
  const look = EVIDENCE_LOOKS[kind];
  const query = QUERIES[kind];
  const count = formatCount(objects);
  return (
    <div className="min-w-0 pt-1.5 max-phone:grid max-phone:grid-cols-[minmax(0,1fr)_auto_74px] max-phone:items-baseline max-phone:gap-x-2.5 max-phone:border-b max-phone:border-line max-phone:py-1.5">
      <dt className="flex items-center gap-1.5 text-sm whitespace-nowrap text-ink-2">
        <i aria-hidden className="size-3 shrink-0 rounded-xs" style={look.style} />
        {look.label}
      </dt>
      <dd className="flex min-h-6 items-center gap-2 touch:min-h-11 max-phone:justify-end">
        <b className={classNames("text-[14px] font-semibold", kind === "decide" && objects > 0 && "text-bad")}>
          {id === undefined || query === undefined || objects === 0 ? (
            count
          ) : (
            <Link
              className="inline-flex min-h-6 min-w-6 items-center rounded-sm no-underline hover:underline touch:min-h-11"
              href={routes.s3Objects(id, query)}
              aria-label={`${look.label}: show these ${count} objects`}
            >
              {count}
            </Link>
          )}
        </b>
        {look.bars !== undefined && <EvidenceLadder bars={look.bars} />}
      </dd>
      <dd className="text-sm text-ink-3 max-phone:text-right">
        {bytes === null ? <span title="Not kept apart for this part">–</span> : formatBytes(bytes)}
      </dd>
      <dd className="text-xs text-ink-3 max-phone:col-span-full">{look.note}</dd>
    </div>
  );
}
