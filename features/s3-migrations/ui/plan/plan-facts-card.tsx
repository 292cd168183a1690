import { ArrowRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Card, CardBody } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatBytes, formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import { toShownName } from "@/lib/viewer-name";
import type { PlanReply, S3MigrationSnapshot } from "../../contract";
import { rangeText, requestsOf, usdText } from "../cost-card";
import { FateBar } from "../fate-bar";
import { storeText } from "../migration-words";

type PlanFactsCardProps = { plan: PlanReply; snapshot: S3MigrationSnapshot };

/** What was sealed in one look: how many, how much, how long, how dear; its hash and who approved that. */
export function PlanFactsCard({ plan, snapshot }: PlanFactsCardProps) {
  const { counts } = plan.facts;
  const { duration, cost } = plan;
  return (
    <Card aria-label="Sealed plan">
      <CardBody className="pt-3.5">
        <p className="mono flex flex-wrap items-center gap-x-2 text-ink">
          <span className="break-all">{storeText(snapshot.source)}</span>
          <ArrowRight className="size-3.5 text-ink-3" aria-label="to" />
          <span className="break-all">{storeText(snapshot.destination)}</span>
        </p>
        <dl className="mt-3 grid grid-cols-4 gap-4 border-t border-line pt-3 max-tablet:grid-cols-2">
          <Fact name="To copy" value={formatCount(counts.toCopy.objects)}>
            {formatBytes(counts.toCopy.bytes)} of {formatBytes(counts.total.bytes)}
          </Fact>
          <Fact name="Copy takes" value={duration.kind === "none" ? "not known" : rangeText(duration.copySeconds)}>
            {duration.kind !== "none" && duration.verifySeconds !== null
              ? `then ${rangeText(duration.verifySeconds)} to prove`
              : "slow and quick by what is known"}
          </Fact>
          <Fact name="Requests" value={usdText(cost.onceUsd) ?? formatCount(requestsOf(cost))}>
            {cost.storageUsdPerMonth === null
              ? "at the destination; no price known"
              : `once, then ${usdText(cost.storageUsdPerMonth)} a month`}
          </Fact>
          <Fact name="Cannot go" value={formatCount(counts.invalid.objects)} isBad={counts.invalid.objects > 0}>
            {counts.invalid.objects === 0 ? (
              "every key can be stored"
            ) : (
              <Link className="link" href={routes.s3Objects(snapshot.id, { state: "failed" })}>
                invalid keys, not as expected
              </Link>
            )}
          </Fact>
        </dl>
        <FateBar counts={counts} />
        <p className="mt-2 text-sm text-ink-3">{duration.sentence}</p>
        <Seal plan={plan} snapshot={snapshot} />
      </CardBody>
    </Card>
  );
}

type FactProps = { name: string; value: string; isBad?: boolean; children: ReactNode };

function Fact({ name, value, isBad = false, children }: FactProps) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-ink-2">{name}</dt>
      <dd className={`text-xl font-semibold tabular-nums ${isBad ? "text-bad" : ""}`}>{value}</dd>
      <dd className="text-sm text-ink-3">{children}</dd>
    </div>
  );
}

/** The hash names all that would be started: whoever approves it approves that and nothing else. */
function Seal({ plan: { hash, sealedAt, blocked }, snapshot: { approval } }: PlanFactsCardProps) {
  return (
    <div className="mt-3 grid gap-1.5 border-t border-line pt-2.5">
      <p className="flex flex-wrap items-center gap-x-2">
        <StateGlyph tone="ok" />
        <span>
          Sealed <RelativeTime at={sealedAt} />, plan
        </span>
        <span className="mono min-w-0 break-all text-ink">{hash}</span>
        <CopyButton text={hash} label="the hash" iconOnly />
      </p>
      <p className="flex items-start gap-2">
        <StateGlyph tone={approval === null ? "neutral" : "ok"} className="mt-1" />
        <span>{approval === null ? "Nobody has approved it yet." : <Approved approval={approval} hash={hash} />}</span>
      </p>
      {blocked !== null && (
        <p role="alert" className="flex items-start gap-2 text-bad">
          <StateGlyph tone="bad" className="mt-1" />
          <span className="min-w-0 [overflow-wrap:anywhere]">{blocked}</span>
        </p>
      )}
      <p className="text-sm text-ink-3">
        The hash is over source, destination, options and every object listed. A start names it, so that nobody starts
        what they did not see.
      </p>
    </div>
  );
}

function Approved({ approval, hash }: { approval: NonNullable<S3MigrationSnapshot["approval"]>; hash: string }) {
  const what =
    approval.planHash === null
      ? ", before there was a plan to see"
      : approval.planHash === hash
        ? ", this plan"
        : `, the plan ${approval.planHash.slice(0, 8)}`;
  return (
    <>
      Approved by {toShownName(approval.by)} <RelativeTime at={approval.at} />
      {what}.
    </>
  );
}
