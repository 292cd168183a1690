"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { LiveCard } from "@/components/states/live-card";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import type { ConsoleProcesses } from "@/lib/console-contract";
import { formatAge, formatBytes, formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import { processesQuery } from "../queries";

/** Of everything this console starts by itself while nobody uses it; what they share is counted once. */
const REST_BUDGET_BYTES = 450_000_000;
/** Two missed signs of life. */
const SILENT_AFTER_MS = 10_000;
const ROLES: Record<string, string> = {
  web: "pages and API",
  collector: "spans in, Jaeger API out",
  worker: "copies, checks, reports",
  postgres: "keeps all state",
  supervisor: "starts and restarts the others",
};

type Process = ConsoleProcesses["processes"][number];

/** The console's own processes: do they live, where, and what do they weigh. */
export function ProcessesCard({ className = "" }: { className?: string }) {
  return (
    <LiveCard
      className={className}
      live={useLiveQuery(processesQuery)}
      loading={{ rows: 2 }}
      title="This console"
      unanswered="The database has not answered yet, so it is not known which processes live."
    >
      {({ processes }, stale) => <Processes className={className} processes={processes} stale={stale} />}
    </LiveCard>
  );
}

type ProcessesProps = { processes: readonly Process[]; stale: ReactNode; className: string };

function Processes({ processes, stale, className }: ProcessesProps) {
  const restarts = processes.reduce((sum, process) => sum + process.restarts, 0);
  const newestMs = Math.max(...processes.map(({ seenAt }) => Date.parse(seenAt)));
  const rssBytes = processes.reduce((sum, process) => sum + process.rssBytes, 0);
  return (
    <Card aria-labelledby="processes-card" className={className}>
      <CardHeader
        id="processes-card"
        title="This console"
        meta={
          stale ??
          (processes.length > 0 && (
            <>
              started <RelativeTime at={oldest(processes)} />,{" "}
              {restarts === 0 ? "no restarts" : `${formatCount(restarts)} ${restarts === 1 ? "restart" : "restarts"}`}
            </>
          ))
        }
        actions={processes.length > 0 && <MemoryMeter rssBytes={rssBytes} />}
      />
      <ul
        className={`grid grid-cols-[repeat(auto-fit,minmax(220px,1fr))] border-t border-line max-phone:grid-cols-1 ${stale === null ? "" : "opacity-60"}`}
      >
        {processes.map((process) => (
          <ProcessCell key={process.id} process={process} silentMs={newestMs - Date.parse(process.seenAt)} />
        ))}
      </ul>
      <CardFooter>
        <span className="font-[550] text-ink-2">Only this machine can open it:</span> loopback, no login. Any other
        address refuses to start without sign-in.{" "}
        {usePathname() !== routes.settings() && (
          <Link className="link touch:inline-flex touch:min-h-11 touch:items-center" href={routes.settings()}>
            Settings
          </Link>
        )}
      </CardFooter>
    </Card>
  );
}

const oldest = (processes: readonly Process[]): string =>
  processes.reduce((first, { startedAt }) => (startedAt < first ? startedAt : first), processes[0]?.startedAt ?? "");

function MemoryMeter({ rssBytes }: { rssBytes: number }) {
  const share = Math.min(1, rssBytes / REST_BUDGET_BYTES);
  // A console in use takes more than one at rest, and gives it back: nothing to warn of.
  const text =
    rssBytes > REST_BUDGET_BYTES
      ? `${formatBytes(rssBytes)} memory in use, at rest up to 450\u202fMB`
      : `${formatBytes(rssBytes)} of 450\u202fMB memory`;
  return (
    <span className="flex items-center gap-2.5 text-sm text-ink-2">
      <span
        role="img"
        aria-label={text}
        className="block h-1.5 w-[120px] overflow-hidden rounded-full bg-sunken shadow-[inset_0_0_0_1px_var(--line)] max-phone:hidden"
      >
        <span className="block h-full bg-ink-2" style={{ width: `${share * 100}%` }} />
      </span>
      {text}
    </span>
  );
}

/** `silentMs`: behind the newest sign of life, all by the database's clock, so that a reader's wrong clock accuses nobody. */
function ProcessCell({ process, silentMs }: { process: Process; silentMs: number }) {
  const { name, host, pid, address, rssBytes, restarts } = process;
  const isSilent = silentMs > SILENT_AFTER_MS;
  return (
    <li
      className={`-ml-px grid grid-cols-[20px_1fr_auto] content-start border-l border-line px-3.5 pt-2 pb-2.5 text-sm ${isSilent ? "text-stale hatched" : ""}`}
    >
      <StateGlyph tone={isSilent ? "bad" : "ok"} label={isSilent ? "silent" : "alive"} className="mt-[3px]" />
      <span className="font-[550]">{name}</span>
      <span className="text-ink-2">{formatBytes(rssBytes)}</span>
      <span className="mono col-start-2 col-end-4 truncate">
        {address?.replace("http://", "") ?? `pid ${pid} on ${host}`}
      </span>
      <span className="col-start-2 col-end-4 text-ink-3">
        {isSilent ? (
          <span className="font-[550] text-bad">said nothing for {formatAge(silentMs).replace(" ago", "")}</span>
        ) : (
          (ROLES[name] ?? "")
        )}
        {restarts > 0 && `, restarted ${formatCount(restarts)} ×`}
      </span>
    </li>
  );
}
