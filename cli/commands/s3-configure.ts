import { randomUUID } from "node:crypto";
import { Command, InvalidArgumentError } from "commander";
import {
  type Configure,
  parseAmount,
  parseWindow,
  type S3Command,
  s3MigrationDetailSchema,
  s3MigrationSnapshotSchema,
} from "@/features/s3-migrations/contract";
import { callConsole } from "../console-api";

const BASE = "/api/s3-migrations";

type Options = {
  objectsPerSecond?: number | null;
  requestsPerSecond?: number | null;
  bytesPerSecond?: number | null;
  window?: Windows;
  windows: boolean;
  concurrency?: number;
  priority?: NonNullable<Configure["priority"]>;
  attempts?: number;
  stopAt?: number;
  retirePerSecond?: number;
  reason?: string;
  json?: boolean;
};
type Windows = NonNullable<NonNullable<Configure["limits"]>["windows"]>;

/** `ops-console s3 configure <id> …`: changes limits, windows and the like, also while it runs. */
export function configureCommand(): Command {
  return new Command("configure")
    .description("change limits, windows, priority; without an option: show them")
    .argument("<id>")
    .option("--objects-per-second <n>", "over all workers; none = no limit", numberOrNone)
    .option("--requests-per-second <n>", "over all workers; none = no limit", numberOrNone)
    .option("--bytes-per-second <n>", "over all workers, like 500k or 20M; none = no limit", bytesOrNone)
    .option("--window <when>", 'run only then, like "mon-fri 22:00-06:00 Europe/Berlin"; may be repeated', addWindow)
    .option("--no-windows", "run at any time")
    .option("--concurrency <n>", "objects in flight per worker at most", Number)
    .option("--priority <p>", "high, normal or low, among migrations that run at the same time")
    .option("--attempts <n>", "per object before it is listed as failed", Number)
    .option("--stop-at <share>", "share of failures at which it stops by itself, like 0.05", Number)
    .option("--retire-per-second <n>", "objects deleted at the source per second", Number)
    .option("--reason <text>", "kept in the audit")
    .option("--json", "print what the API answers")
    .action(configure);
}

async function configure(id: string, options: Options): Promise<void> {
  const url = `${BASE}/${encodeURIComponent(id)}`;
  const change = toConfigure(options);
  if (Object.keys(change).length > 0) {
    const command: S3Command = {
      verb: "configure",
      idempotencyKey: randomUUID(),
      reason: options.reason,
      configure: change,
    };
    await callConsole(`${url}/commands`, s3MigrationSnapshotSchema, command);
  }
  const { snapshot, configs } = await callConsole(url, s3MigrationDetailSchema);
  if (options.json === true) return console.log(JSON.stringify({ options: snapshot.options, configs }, undefined, 2));
  const [newest] = configs;
  console.log(`Version ${snapshot.configVersion}${newest === undefined ? ", as planned" : ` by ${newest.actor}`}`);
  for (const { field, from, to } of newest?.changes ?? [])
    console.log(`  ${field}: ${from ?? "none"} -> ${to ?? "none"}`);
}

function toConfigure(options: Options): Configure {
  const limits = given({
    objectsPerSecond: options.objectsPerSecond,
    requestsPerSecond: options.requestsPerSecond,
    bytesPerSecond: options.bytesPerSecond,
    windows: options.windows ? options.window : [],
  });
  return given({
    limits: Object.keys(limits).length === 0 ? undefined : limits,
    concurrency: options.concurrency,
    priority: options.priority,
    maxAttempts: options.attempts,
    stopAtFailedShare: options.stopAt,
    retireObjectsPerSecond: options.retirePerSecond,
  }) as Configure;
}

function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function numberOrNone(text: string): number | null {
  if (text === "none") return null;
  const value = Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError("It is a number, or none.");
  return value;
}

function bytesOrNone(text: string): number | null {
  if (text === "none") return null;
  const value = parseAmount(text);
  if (Number.isNaN(value)) throw new InvalidArgumentError("It is a number like 500k or 20M, or none.");
  return value;
}

function addWindow(text: string, before: Windows = []): Windows {
  const window = parseWindow(text);
  if (window === undefined) throw new InvalidArgumentError('Write it like "mon-fri 22:00-06:00 Europe/Berlin".');
  return [...before, window];
}
