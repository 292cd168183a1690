import { Command } from "commander";
import {
  compareReplySchema,
  findingsReplySchema,
  SLOWEST_BY,
  type SlowestResult,
  slowestEventSchemas,
  toSearchParams,
  traceReplySchema,
} from "@/features/traces/contract";
import {
  decodeSkeleton,
  toCompareText,
  toExplainText,
  toShowText,
  toSlowestProgressText,
  toSlowestText,
} from "@/features/traces/terminal";
import { AppError } from "@/lib/errors";
import { RANGE_NAMES, RELATIVE_RANGES, type RelativeRange } from "@/lib/time-range";
import { callConsole } from "../console-api";
import { readEvents } from "../read-events";

const BASE = "/api/traces";
const JSON_FLAG = ["--json", "print what the API answers"] as const;
const DEFAULT_WIDTH = 120;

/** `ops-console traces …`: find slow traces of a running console and say why they are slow. */
export function tracesCommand(): Command {
  return new Command("traces")
    .description("find slow traces, and say why they are slow")
    .addCommand(slowestCommand())
    .addCommand(showCommand())
    .addCommand(explainCommand())
    .addCommand(compareCommand());
}

type WindowOptions = { last?: string; start?: string; end?: string };
type SearchOptions = WindowOptions & { service?: string; operation?: string; attribute?: string[] };

/** The options that say which traces are meant, on a command of their own. */
function withSearch(command: Command): Command {
  return command
    .option("--service <name>")
    .option("--operation <name>")
    .option("--attribute <key=value>", "may be given several times", collected)
    .option("--last <range>", RANGE_NAMES.join(", "), "1h")
    .option("--start <time>", "ISO time, instead of --last")
    .option("--end <time>", "ISO time");
}

function slowestCommand(): Command {
  return withSearch(new Command("slowest").description("the traces with most of something, and how surely"))
    .option("--by <what>", "duration, errors or spans", "duration")
    .option("--limit <n>", "how many", "10")
    .option(...JSON_FLAG)
    .action(async (options: SearchOptions & { by: string; limit: string; json?: boolean }) => {
      const search = toSearchParams(toSearch(options));
      if (!isOneOf(SLOWEST_BY, options.by))
        throw new AppError("invalid_input", `--by ${options.by}: is none of ${SLOWEST_BY.join(", ")}.`);
      search.set("by", options.by);
      search.set("limit", String(toCount(options.limit, "--limit")));
      const result = await findSlowest(`${BASE}/slowest?${search}`, options.json === true);
      print(options, result, toSlowestText(result, { width: width() }));
    });
}

/** Progress goes to the error stream, so that a pipe gets the answer alone. */
async function findSlowest(path: string, isQuiet: boolean): Promise<SlowestResult> {
  const isShown = !isQuiet && process.stderr.isTTY;
  for await (const { name, data } of readEvents(path)) {
    if (name === "progress" && isShown) {
      process.stderr.write(`\r\u001b[2K${toSlowestProgressText(slowestEventSchemas.progress.parse(data))}`);
    }
    if (name === "failed") throw new AppError("upstream_invalid", slowestEventSchemas.failed.parse(data).detail);
    if (name !== "result") continue;
    if (isShown) process.stderr.write("\r\u001b[2K");
    return slowestEventSchemas.result.parse(data);
  }
  throw new AppError("unavailable", "The console ended before it had an answer. Try again.");
}

function showCommand(): Command {
  return new Command("show")
    .description("a trace as a waterfall; █ is where its time went")
    .argument("<trace-id>")
    .option("--rows <n>", "rows at most", "60")
    .option(...JSON_FLAG)
    .action(async (id: string, options: { rows: string; json?: boolean }) => {
      const maxRows = toCount(options.rows, "--rows");
      const reply = await callConsole(`${BASE}/${encodeURIComponent(id)}`, traceReplySchema);
      const text = toShowText(
        { trace: decodeSkeleton(reply.columns), facts: reply.facts },
        { width: width(), maxRows },
      );
      print(options, reply, `${reply.facts.rootService}  ${reply.facts.rootOperation}\n${text}`);
    });
}

function explainCommand(): Command {
  return new Command("explain")
    .description("why a trace is slow: a sum, its causes, what removing each would save")
    .argument("<trace-id>")
    .option(...JSON_FLAG)
    .action(async (id: string, options: { json?: boolean }) => {
      const reply = await callConsole(`${BASE}/${encodeURIComponent(id)}/findings`, findingsReplySchema);
      print(options, reply, toExplainText(reply, { width: width() }));
    });
}

function compareCommand(): Command {
  return new Command("compare")
    .description("two traces, or two groups of traces, step by step")
    .argument("<before>", 'a trace id, or a search as JSON: {"service":"web","attributes":{"service.version":"v1"}}')
    .argument("<after>", "the same")
    .option("--slowest", "of each group only the slowest twentieth")
    .option("--rows <n>", "changed steps at most", "20")
    .option(...JSON_FLAG)
    .action(async (before: string, after: string, options: { slowest?: boolean; rows: string; json?: boolean }) => {
      const maxRows = toCount(options.rows, "--rows");
      const search = new URLSearchParams({ before, after });
      if (options.slowest === true) search.set("requests", "slowest");
      const reply = await callConsole(`${BASE}/compare?${search}`, compareReplySchema);
      print(options, reply, toCompareText(reply, { width: width(), maxRows }));
    });
}

function toSearch(options: SearchOptions) {
  const pairs = (options.attribute ?? []).map(toAttribute);
  return {
    service: options.service,
    operation: options.operation,
    ...toWindow(options),
    attributes: pairs.length === 0 ? undefined : Object.fromEntries(pairs),
  };
}

function toWindow({ last = "1h", start, end }: WindowOptions): { start: number; end: number } {
  const endMs = end === undefined ? Date.now() : toMs(end, "--end");
  if (start !== undefined) return { start: toMs(start, "--start"), end: endMs };
  if (!isRange(last)) {
    throw new AppError("invalid_input", `--last ${last}: is none of ${RANGE_NAMES.join(", ")}.`);
  }
  return { start: endMs - RELATIVE_RANGES[last], end: endMs };
}

const isOneOf = (list: readonly string[], text: string): boolean => list.includes(text);

const isRange = (text: string): text is RelativeRange => Object.hasOwn(RELATIVE_RANGES, text);

function toMs(text: string, option: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new AppError("invalid_input", `${option} ${text}: is no ISO time, like 2026-01-31T12:00Z.`);
  return ms;
}

function toCount(text: string, option: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new AppError("invalid_input", `${option} ${text}: is no number from 1.`);
  return Number(text);
}

function toAttribute(text: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new AppError("invalid_input", `--attribute ${text}: is not key=value.`);
  return [text.slice(0, at), text.slice(at + 1)];
}

const collected = (value: string, before: string[] = []): string[] => [...before, value];

const width = (): number => Math.max(60, process.stdout.columns ?? DEFAULT_WIDTH);

function print({ json }: { json?: boolean }, value: unknown, text: string): void {
  console.log(json === true ? JSON.stringify(value, undefined, 2) : text);
}
