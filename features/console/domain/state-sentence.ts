import type { Health } from "@/lib/console-contract";
import { formatCount, formatDuration, formatShare } from "@/lib/format";
import { type Route, routes } from "@/lib/routes";
import { isDown } from "./component-health";
import type { Run, S3Migration, TraceSource } from "./neighbours";
import { type Deploy, deployOf, slowerFirst } from "./operation-slowdown";
import { s3MigrationCounts } from "./s3-migration-share";
import type { TraceDigest } from "./trace-digest";

/** From this many times the usual the sentence turns from a warning to bad. */
const BAD_RATIO = 2;
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
/** From this share of failed traces the sentence turns from a warning to bad. */
const BAD_ERROR_SHARE = 0.05;

export type Statement = { tone: "neutral" | "running" | "ok" | "warn" | "bad"; text: string };
export type StateAction = { label: string; href: Route };

/** What is known right now; `undefined` = not read (yet). */
export type Situation = {
  health: Health | undefined;
  traceSource: TraceSource | undefined;
  /** The newest question for traces failed, or waits for its answer for some seconds. */
  isTraceSourceSilent: boolean;
  traces: TraceDigest | undefined;
  migrations: readonly S3Migration[] | undefined;
  runs: readonly Run[] | undefined;
  deploys: readonly Deploy[];
  /** "the last 1 h" */
  windowText: string;
};

/**
 * The overview's sentence: the gravest statement first, the others after it, and what to do about them. Only what was
 * measured is said.
 */
export function stateSentence(situation: Situation): {
  headline: Statement;
  others: Statement[];
  actions: StateAction[];
} {
  const statements = [
    ...aboutConsole(situation),
    ...aboutTraceSource(situation),
    ...aboutS3Migrations(situation.migrations ?? []),
    ...aboutSlowdowns(situation),
    ...aboutTraces(situation),
  ].sort((a, b) => GRAVITY[b.tone] - GRAVITY[a.tone]);
  const [headline = nothingKnown(situation), ...others] = statements;
  return { headline, others: [...others, ...aboutRuns(situation.runs ?? [])], actions: toActions(situation) };
}

/** Silence is no news: good news needs somebody who was heard. */
function nothingKnown({ traces, migrations, runs, windowText }: Situation): Statement {
  if (traces === undefined && migrations === undefined && runs === undefined)
    return { tone: "bad", text: "The figures of this page cannot be read." };
  if (traces === undefined) return { tone: "neutral", text: "Nothing has been measured yet." };
  return traces.read.isWhole
    ? { tone: "neutral", text: `No trace came in ${windowText}.` }
    : { tone: "running", text: `The traces of ${windowText} are still being read.` };
}

const GRAVITY: Record<Statement["tone"], number> = { neutral: 0, running: 0, ok: 0, warn: 1, bad: 2 };

function aboutConsole({ health, traces, migrations, runs }: Situation): Statement[] {
  const hasFigures = [traces, migrations, runs].some((known) => known !== undefined);
  const statements: Statement[] = [];
  for (const { name, status, detail, since } of health?.components ?? []) {
    if (status === "ok") continue;
    const effect = name === "database" ? databaseEffect(status, hasFigures) : (EFFECTS[name] ?? "");
    statements.push({
      tone: status === "down" ? "bad" : "warn",
      text: `The ${name} ${detail ?? "is not well"}${sinceText(since)}${effect}.`,
    });
  }
  return statements;
}

function aboutTraceSource({ health, traceSource, isTraceSourceSilent, traces }: Situation): Statement[] {
  // Whose source is not known yet is silent for the database's sake, too: one trouble, said once.
  if (traceSource?.isEmbedded !== false && isDown(health, "database")) return [];
  if (traceSource?.state === "down") {
    const reason = withoutStop(traceSource.reason ?? traceSource.host).replace(/^The /, "the ");
    return [{ tone: "bad", text: `Traces cannot be read${sinceText(traceSource.downSince)}: ${reason}.` }];
  }
  if (!isTraceSourceSilent) return [];
  // The source was heard: what fails is between the question and it, a full disk for one.
  if (traceSource?.state === "up") {
    const rest = traces === undefined ? "" : "; what is shown of them is from before";
    return [{ tone: "warn", text: `Newer traces cannot be read at the moment${rest}.` }];
  }
  const rest = traces === undefined ? "" : "; what is shown of traces is the last it told";
  return [{ tone: "warn", text: `The trace source does not answer${rest}.` }];
}

function databaseEffect(status: string, hasFigures: boolean): string {
  if (status !== "down") return "";
  return hasFigures
    ? ": figures stay as they were, runs and S3 migrations cannot be changed"
    : ": nothing can be read or changed until it does";
}

const EFFECTS: Record<string, string> = {
  worker: ": S3 migrations and checks wait for it",
  collector: ": new spans are not taken in, senders have to try again",
};

const sinceText = (at: string | null | undefined): string => (at ? ` since ${CLOCK.format(Date.parse(at))}` : "");

const withoutStop = (text: string): string => text.replace(/\.$/, "");

function aboutS3Migrations(migrations: readonly S3Migration[]): Statement[] {
  const statements: Statement[] = [];
  for (const migration of migrations) {
    const { name, stopped } = migration;
    const { toDecide } = s3MigrationCounts(migration);
    if (isStopped(migration)) {
      statements.push({
        tone: "bad",
        text: `${name} stopped${stopped === null ? "" : `: ${withoutStop(stopped.message)}`}.`,
      });
    } else if (toDecide > 0) {
      statements.push({
        tone: "warn",
        text: `${name}: ${counted(toDecide, "object needs", "objects need")} a decision.`,
      });
    }
  }
  return statements;
}

/** The gravest slowdown with what it began with, then how many more there are. */
function aboutSlowdowns({ traces, deploys }: Situation): Statement[] {
  const [first, ...more] = slowerFirst(traces?.operations ?? []);
  if (first === undefined) return [];
  const { slowdown, service, operation } = first;
  const figure = slowdown.figure === "p95" ? "p95" : "half of its requests over";
  const tone = slowdown.ratio >= BAD_RATIO ? "bad" : "warn";
  const statements: Statement[] = [
    {
      tone,
      text: `${operation} (${service}) has been slow since ${CLOCK.format(slowdown.sinceMs)}: ${figure} ${formatDuration(slowdown.nowUs)}, usually ${formatDuration(slowdown.usualUs)}.`,
    },
  ];
  const deploy = deployOf(service, slowdown, deploys);
  if (deploy !== undefined) statements.push({ tone, text: `It began with the deploy of ${deploy.version}.` });
  if (more.length > 0) {
    const names = more.map((one) => one.operation).join(", ");
    statements.push({ tone: "warn", text: `Also slower than usual: ${names}.` });
  }
  return statements;
}

function aboutTraces({ traces, windowText }: Situation): Statement[] {
  if (traces === undefined || traces.count === 0) return [];
  const { count, errorCount, mendedCount, read } = traces;
  const scope = `${counted(count, "trace", "traces")}${read.isWhole ? "" : " read so far"} of ${windowText}`;
  const slowest = toSlowest(traces);
  const mended = aboutMended(mendedCount, errorCount > 0);
  if (errorCount === 0) {
    const text = mendedCount === 0 ? `No errors in ${scope}.` : `None of ${scope} failed.`;
    return [{ tone: "ok", text }, ...mended, ...slowest];
  }
  const worst = traces.operations.toSorted((a, b) => b.errorCount - a.errorCount)[0];
  const part = worst?.errorCount === errorCount ? "all" : `${formatCount(worst?.errorCount ?? 0)} of them`;
  const where = worst === undefined ? "" : `, ${part} in ${worst.operation} (${worst.service})`;
  return [
    {
      tone: errorCount / count >= BAD_ERROR_SHARE ? "bad" : "warn",
      text: `${formatCount(errorCount)} of ${scope} failed (${formatShare(errorCount / count)})${where}.`,
    },
    ...mended,
    ...slowest,
  ];
}

/** Handled errors are no failures, and are not hidden either. */
function aboutMended(mendedCount: number, hasFailures: boolean): Statement[] {
  if (mendedCount === 0) return [];
  const subject = `${formatCount(mendedCount)}${hasFailures ? " more" : ""} ${mendedCount === 1 ? "has" : "have"}`;
  return [{ tone: "ok", text: `${subject} an error inside that the request survived.` }];
}

function toSlowest({ operations }: TraceDigest): Statement[] {
  const [first] = operations;
  if (first === undefined) return [];
  const spread =
    first.count === 1
      ? `one trace of ${formatDuration(first.maxUs)}`
      : `half of its ${formatCount(first.count)} under ${formatDuration(first.p50Us)}, the slowest ${formatDuration(first.maxUs)}`;
  return [{ tone: "ok", text: `Most waiting: ${first.operation} (${first.service}), ${spread}.` }];
}

function aboutRuns(runs: readonly Run[]): Statement[] {
  const active = runs.filter(({ status }) => status === "active");
  return active.length === 0
    ? []
    : [{ tone: "ok", text: `${counted(active.length, "run is", "runs are")} in progress.` }];
}

function toActions({ traces, migrations, runs }: Situation): StateAction[] {
  const actions: StateAction[] = [];
  const waiting =
    migrations?.find(isStopped) ?? migrations?.find((migration) => s3MigrationCounts(migration).toDecide > 0);
  if (waiting !== undefined) actions.push({ label: `Open ${waiting.name}`, href: routes.s3Migration(waiting.id) });
  const slower = slowerFirst(traces?.operations ?? [])[0];
  if (slower !== undefined) {
    const { service, operation } = slower;
    actions.push({ label: `Slowest of ${operation}`, href: routes.traces({ service, operation, rank: "slowest" }) });
    actions.push({ label: "Before and after", href: routes.service(service) });
  }
  const slowest = traces?.operations.toSorted((a, b) => b.maxUs - a.maxUs)[0];
  if (slowest !== undefined) {
    actions.push({
      label: `Slowest trace, ${formatDuration(slowest.maxUs)}`,
      href: routes.trace(slowest.slowestTraceId),
    });
    actions.push({ label: "All traces", href: routes.traces() });
  }
  const active = runs?.find(({ status }) => status === "active");
  if (active !== undefined) actions.push({ label: `Continue: ${active.title}`, href: routes.run(active.id) });
  return actions.slice(0, 3);
}

const isStopped = ({ state }: S3Migration): boolean => state === "failed" || state === "auto_stopped";

const counted = (count: number, one: string, many: string): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;
