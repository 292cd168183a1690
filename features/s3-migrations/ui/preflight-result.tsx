import { ArrowRight } from "lucide-react";
import type { ReactNode } from "react";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { StateGlyph, type StateTone } from "@/components/ui/state-glyph";
import { formatBytes, formatCount, formatDuration } from "@/lib/format";
import type { PreflightReply } from "../contract";
import { CostCard, rangeText, requestsOf, usdText } from "./cost-card";
import { FateBar } from "./fate-bar";
import { PlanShape } from "./plan-shape";

const US_PER_MS = 1000;
const TONES: Record<PreflightReply["checks"][number]["outcome"], StateTone> = {
  passed: "ok",
  note: "warn",
  failed: "bad",
};

/** What the dry run found: how many and how much, where keys would go, what collides, what each store can do. */
export function PreflightResult({ result }: { result: PreflightReply }) {
  return (
    <div className="grid gap-3">
      <Findings result={result} />
      <Examples result={result} />
      <Checks result={result} />
      <PlanShape facts={result.facts} />
      <CostCard cost={result.cost} />
    </div>
  );
}

function Findings({ result }: { result: PreflightReply }) {
  const { inventory, collisions, keyProblems, isReady } = result;
  const failed = result.checks.filter(({ outcome }) => outcome === "failed").length;
  const atLeast = inventory.isComplete ? "" : "at least ";
  return (
    <Card aria-label="Dry run">
      <CardBody className="pt-3.5">
        <h2 className="text-lg">
          {isReady
            ? `${atLeast}${formatCount(inventory.objects)} objects can go.`
            : `${failed} ${failed === 1 ? "check" : "checks"} failed.`}
        </h2>
        <p className="mt-0.5 text-sm text-ink-3">
          Took {formatDuration(result.tookMs * US_PER_MS)}. Nothing was copied; probe objects were removed again.
        </p>
        <dl className="mt-3 grid grid-cols-3 gap-4 border-t border-line pt-3 max-phone:grid-cols-2">
          <Fact name="To look at" value={`${atLeast}${formatCount(inventory.objects)}`}>
            {atLeast}
            {formatBytes(inventory.bytes)}
          </Fact>
          <Fact name="Keys already there" value={formatCount(collisions.sameSize + collisions.otherSize)}>
            {formatCount(collisions.sameSize)} same size, {formatCount(collisions.otherSize)} other, of{" "}
            {formatCount(collisions.looked)} looked at
          </Fact>
          {inventory.largest !== null && (
            <Fact name="Largest" value={formatBytes(inventory.largest.sizeBytes)}>
              <span className="mono break-all">{inventory.largest.key}</span>
            </Fact>
          )}
          {result.duration.kind !== "none" && (
            <Fact name="Copy takes" value={rangeText(result.duration.copySeconds)}>
              {result.duration.verifySeconds !== null && `then ${rangeText(result.duration.verifySeconds)} to prove`}
            </Fact>
          )}
          <Fact name="Requests" value={usdText(result.cost.onceUsd) ?? formatCount(requestsOf(result.cost))}>
            {result.cost.storageUsdPerMonth === null
              ? "at the destination; no price known"
              : `once, then ${usdText(result.cost.storageUsdPerMonth)} a month`}
          </Fact>
        </dl>
        <FateBar counts={result.facts.counts} />
        <p className="mt-2 text-sm text-ink-3">{result.duration.sentence}</p>
        {keyProblems.map(({ problem, objects, examples }) => (
          <p key={problem} className="mt-2 flex items-start gap-2 text-sm text-ink-2">
            <StateGlyph tone="warn" className="mt-0.5" />
            <span>
              {formatCount(objects)} × {problem.replace(/\.$/, "")}
              {examples.length > 0 && <span className="mono break-all text-ink-3">: {examples.join(", ")}</span>}
            </span>
          </p>
        ))}
      </CardBody>
    </Card>
  );
}

function Fact({ name, value, children }: { name: string; value: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-ink-2">{name}</dt>
      <dd className="text-xl font-semibold">{value}</dd>
      <dd className="text-sm text-ink-3">{children}</dd>
    </div>
  );
}

function Checks({ result: { checks } }: { result: PreflightReply }) {
  const passed = checks.filter(({ outcome }) => outcome === "passed").length;
  return (
    <Card aria-labelledby="checks">
      <CardHeader id="checks" title="Checks of both stores" meta={`${passed} of ${checks.length} passed`} />
      <div className="grid grid-cols-2 border-t border-line max-phone:grid-cols-1">
        {(["source", "destination"] as const).map((side) => (
          <section
            key={side}
            className="min-w-0 px-4 py-2.5 first:border-r first:border-line max-phone:first:border-r-0"
          >
            <h3 className="text-xs font-normal text-ink-3">{side === "source" ? "Source" : "Destination"}</h3>
            <ul>
              {checks
                .filter((check) => check.side === side)
                .map(({ name, outcome, sentence }) => (
                  <li key={name} className="flex gap-2 py-1">
                    <StateGlyph tone={TONES[outcome]} label={outcome} className="mt-1" />
                    <span className="min-w-0 break-words">{sentence}</span>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Card>
  );
}

function Examples({ result: { inventory } }: { result: PreflightReply }) {
  if (inventory.examples.length === 0) return null;
  return (
    <Card aria-labelledby="examples">
      <CardHeader id="examples" title="Where keys go" meta="the first few, in listing order" />
      <ul className="border-t border-line">
        {inventory.examples.map(({ key, destinationKey, sizeBytes }) => (
          <li
            key={key}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 border-b border-line px-4 py-2 text-sm last:border-0"
          >
            <span className="mono break-all text-ink-2">{key}</span>
            <span className="text-ink-3">{formatBytes(sizeBytes)}</span>
            <span className="mono col-span-full flex gap-1.5 break-all">
              <ArrowRight className="mt-1 size-3 shrink-0 text-ink-3" aria-label="to" />
              {destinationKey}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
