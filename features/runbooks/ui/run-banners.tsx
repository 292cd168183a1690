"use client";

import { GitBranch } from "lucide-react";
import Link from "next/link";
import { useNow } from "@/components/hooks/use-now";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { routes } from "@/lib/routes";
import type { RunSnapshot } from "../contract";
import { ViewerNameForm } from "./viewer-name";

/** The file moved on; the run did not. */
export function MovedBanner({ run, runbookNow }: { run: RunSnapshot; runbookNow: "changed" | "gone" }) {
  return (
    <div
      role="status"
      className="no-print mt-3 flex flex-wrap items-center gap-2.5 rounded-lg border border-warn bg-warn-soft px-3 py-2"
    >
      <GitBranch className="size-4 text-warn" aria-hidden />
      <p className="min-w-0 grow basis-60">
        <b className="font-semibold">
          {runbookNow === "changed"
            ? "The runbook changed since this run started."
            : "The runbook is no longer in its source."}
        </b>{" "}
        Here everything stays as it was at the start.
      </p>
      {runbookNow === "changed" && (
        <Button asChild size="sm">
          <Link href={routes.runbook(run.runbookId)}>Read the new version</Link>
        </Button>
      )}
    </div>
  );
}

type OfflineBannerProps = {
  pendingCount: number;
  lastAt: number | undefined;
  /** A change could not be sent. */
  isSendFailing: boolean;
};

/** Two polls missed. */
const UNHEARD_AFTER_MS = 11_000;

/** The console is away: what that means for what is seen and done here. */
export function OfflineBanner({ pendingCount, lastAt, isSendFailing }: OfflineBannerProps) {
  const nowMs = useNow();
  /** The console answers, only the live stream does not get through. */
  const isPolled = !isSendFailing && lastAt !== undefined && nowMs !== undefined && nowMs - lastAt < UNHEARD_AFTER_MS;
  return (
    <div
      role="status"
      className="no-print mt-3 flex flex-wrap items-center gap-3 rounded-lg border border-line-strong bg-surface px-3 py-2"
    >
      <p className="grow">
        <b className="font-semibold">
          {isPolled ? "Live updates do not get through." : "The console does not answer."}
        </b>{" "}
        {pendingCount === 0
          ? isPolled
            ? "This page asks every 5 s instead."
            : "What you see may be old. Ticks are kept here and sent when it is back."
          : `${pendingCount} ${pendingCount === 1 ? "change waits" : "changes wait"} in this browser; nobody else sees ${pendingCount === 1 ? "it" : "them"} yet.`}
      </p>
      {lastAt !== undefined && <StaleNote at={lastAt} />}
    </div>
  );
}

/** A tick without a name would be nobody's. */
export function NameBanner({ onDone }: { onDone: () => void }) {
  return (
    <section
      aria-label="Your name"
      className="mt-3 flex flex-wrap items-center gap-3 rounded-lg border border-warn bg-warn-soft px-3 py-2"
    >
      <p>Whose tick is this? Everybody on this run will see the name.</p>
      <ViewerNameForm onDone={onDone} />
    </section>
  );
}
