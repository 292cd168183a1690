import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { Command } from "commander";
import {
  type PreflightReply,
  preflightReplySchema,
  type S3Command,
  s3MigrationDetailSchema,
  s3MigrationListSchema,
  s3MigrationSnapshotSchema,
} from "@/features/s3-migrations/contract";
import { AppError } from "@/lib/errors";
import { formatBytes, formatCount } from "@/lib/format";
import { env } from "@/server/config/env";
import { callConsole } from "../console-api";
import { toDetailText, toProgressLine } from "../s3-migration-view";
import { watchS3Migration } from "../watch-s3-migration";
import { configureCommand } from "./s3-configure";
import { exportCommand, reportCommand } from "./s3-reports";

const BASE = "/api/s3-migrations";
const JSON_FLAG = ["--json", "print what the API answers"] as const;

/** `ops-console s3 …`, also by its longer name: plan, start, follow and command migrations of a running console. */
export function s3MigrationCommand(): Command {
  const command = new Command("s3")
    .alias("s3-migration")
    .description("copy a directory or a bucket to a bucket, and prove it");
  command.addCommand(planCommand());
  command.addCommand(verifyCommand());
  command.addCommand(listCommand());
  command.addCommand(showCommand());
  command.addCommand(watchCommand());
  command.addCommand(reportCommand());
  command.addCommand(exportCommand());
  command.addCommand(configureCommand());
  command.addCommand(startCommand());
  const verbs: [string, S3Command["verb"], string][] = [
    ["pause", "pause", "finish what is in flight, then wait"],
    ["resume", "resume", "go on after a pause or a stop"],
    ["cancel", "cancel", "end for good; what was copied stays"],
    ["retry", "retry_failed", "try everything that failed again"],
    ["list-again", "list_again", "look at the source once more"],
    ["accept-shrink", "accept_shrink", "take a listing as true that is much shorter than the last"],
    ["repair", "repair", "copy what a comparison found missing"],
    ["begin-cutover", "begin_cutover", "wait for the application to be moved over"],
    ["confirm-cutover", "confirm_cutover", "say that it was: the soak begins"],
    ["end-soak", "end_soak", "end the soak before its time; needs --reason"],
    ["ask-retire", "ask_retire", "ask for the source to be deleted"],
    ["approve-retire", "approve_retire", "delete what is proven at the source; asked for by somebody else"],
  ];
  for (const [name, verb, description] of verbs) command.addCommand(verbCommand(name, verb, description));
  return command;
}

type PlanOptions = {
  from: string;
  to: string;
  name?: string;
  endpoint?: string;
  profile?: string;
  sourceEndpoint?: string;
  sourceProfile?: string;
  rate?: string;
  verify?: string;
  verifyOnly?: boolean;
  start?: boolean;
  dryRun?: boolean;
  json?: boolean;
};

function planCommand(): Command {
  return withPlaces(
    new Command("plan").description("list the source and plan its copy; nothing is copied before start"),
  )
    .option("--rate <n>", "objects per second at most, over all workers")
    .option("--verify <how>", "stored (ask for the checksum), sample:1% or read_back (fetch and hash again)", "stored")
    .option("--verify-only", "prove what somebody else copied; write nothing")
    .option("--start", "start as soon as it is planned")
    .option("--dry-run", "only look: what, how much, what collides")
    .option(...JSON_FLAG)
    .action((options: PlanOptions) => plan(options));
}

function verifyCommand(): Command {
  return withPlaces(new Command("verify").description("prove what somebody else copied; nothing is written"))
    .option("--verify <how>", "stored (compare what both tell), sample:1% or read_back (fetch and hash)", "stored")
    .option(...JSON_FLAG)
    .action((options: PlanOptions) => plan({ ...options, start: true, verifyOnly: true }));
}

function withPlaces(command: Command): Command {
  return command
    .requiredOption("--from <source>", "a directory, or s3://bucket/prefix")
    .requiredOption("--to <destination>", "s3://bucket/prefix")
    .option("--name <name>", "how it is shown")
    .option("--endpoint <url>", "of the destination (default: S3_ENDPOINT of the worker, else Amazon's)")
    .option("--profile <name>", "credentials of the destination, as the worker knows them")
    .option("--source-endpoint <url>", "of a source bucket")
    .option("--source-profile <name>", "credentials of a source bucket");
}

async function plan(options: PlanOptions): Promise<void> {
  const from = toStore(options.from, options.sourceEndpoint, options.sourceProfile);
  const to = toStore(options.to, options.endpoint, options.profile);
  if (to.kind === "local") {
    throw new AppError("invalid_input", `"${options.to}" is no bucket. Write the destination as s3://bucket/prefix.`);
  }
  if (options.dryRun === true) {
    const reply = await callConsole(`${BASE}/preflight`, preflightReplySchema, { source: from, destination: to });
    print(options, reply, toPreflightText(reply));
    if (!reply.isReady) process.exitCode = 1;
    return;
  }
  const snapshot = await callConsole(BASE, s3MigrationSnapshotSchema, {
    name: options.name ?? `${path.basename(options.from)} to S3`,
    source: from,
    destination: to,
    options: {
      ...toProof(options.verify),
      ...(options.verifyOnly === true ? { mode: "verify_only" } : {}),
      ...(options.rate === undefined ? {} : { limits: { objectsPerSecond: Number(options.rate) } }),
    },
    start: options.start === true,
  });
  warnOfMissing(from);
  print(options, snapshot, `${snapshot.id}\nFollow it with: node bin/ops-console.mjs s3 watch ${snapshot.id}`);
}

/** "sample:1%" as the share it is; what is none of the words is refused by the console. */
function toProof(text = "stored"): Record<string, unknown> {
  const percent = /^sample:(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  return percent === undefined
    ? { verify: text }
    : { verify: "sample", verifySample: { share: Number(percent) / 100 } };
}

/** A worker of another machine may have it; the person who mistyped it is told here, before the worker's listing fails. */
function warnOfMissing(from: ReturnType<typeof toStore>): void {
  if (from.kind !== "local" || existsSync(from.path)) return;
  console.error(`There is no directory ${from.path} on this machine. Unless the worker has it, its listing will fail.`);
}

function listCommand(): Command {
  return new Command("list")
    .description("all migrations, newest first")
    .option(...JSON_FLAG)
    .action(async (options: { json?: boolean }) => {
      const reply = await callConsole(BASE, s3MigrationListSchema);
      const lines = reply.migrations.map((item) => `${item.id}  ${item.name}\n  ${toProgressLine(item)}`);
      print(options, reply, lines.length === 0 ? "No S3 migration yet." : lines.join("\n"));
    });
}

function showCommand(): Command {
  return new Command("status")
    .alias("show")
    .description("one migration in numbers")
    .argument("<id>")
    .option(...JSON_FLAG)
    .action(async (id: string, options: { json?: boolean }) => {
      const reply = await callConsole(`${BASE}/${encodeURIComponent(id)}`, s3MigrationDetailSchema);
      print(options, reply, toDetailText(reply.snapshot));
    });
}

function watchCommand(): Command {
  return new Command("watch")
    .description("live progress until it ends; exits 0 when verified")
    .argument("<id>")
    .option("--json", "one JSON line per change")
    .action(async (id: string, options: { json?: boolean }) => {
      const last = await watchS3Migration(`${BASE}/${encodeURIComponent(id)}/events`, options.json === true);
      if (!["verified", "cutover", "soaking", "retired"].includes(last.state)) process.exitCode = 1;
    });
}

function verbCommand(name: string, verb: S3Command["verb"], description: string): Command {
  return new Command(name)
    .description(description)
    .argument("<id>")
    .option("--reason <text>", "kept in the audit")
    .option(...JSON_FLAG)
    .action(async (id: string, options: { reason?: string; json?: boolean }) => {
      const command: S3Command = { verb, idempotencyKey: randomUUID(), reason: options.reason };
      const url = `${BASE}/${encodeURIComponent(id)}/commands`;
      const snapshot = await callConsole(url, s3MigrationSnapshotSchema, command);
      print(options, snapshot, toProgressLine(snapshot));
    });
}

function startCommand(): Command {
  return new Command("start")
    .description("copy what was planned: approves the plan as it is, or the one that is named")
    .argument("<id>")
    .option("--plan <hash>", "the plan that was looked at; refused when it is another by now")
    .option("--unplanned", "approve the plan unseen, also while the source is still listed")
    .option("--reason <text>", "kept in the audit")
    .option(...JSON_FLAG)
    .action(async (id: string, { plan, unplanned, reason, ...options }: StartOptions) => {
      const url = `${BASE}/${encodeURIComponent(id)}`;
      const planHash = unplanned === true ? undefined : (plan ?? (await planHashOf(url)));
      const command: S3Command = {
        verb: "start",
        idempotencyKey: randomUUID(),
        reason,
        ...(planHash === undefined ? { unplanned: true } : { planHash }),
      };
      const snapshot = await callConsole(`${url}/commands`, s3MigrationSnapshotSchema, command);
      print(options, snapshot, toProgressLine(snapshot));
    });
}

type StartOptions = { plan?: string; unplanned?: boolean; reason?: string; json?: boolean };

async function planHashOf(url: string): Promise<string> {
  const { snapshot } = await callConsole(url, s3MigrationDetailSchema);
  if (snapshot.planHash !== null) return snapshot.planHash;
  const message = "The source is still being listed: there is no plan to approve yet. Wait, or add --unplanned.";
  throw new AppError("plan_unnamed", message);
}

/** `s3://bucket/prefix` or a path; the prefix is taken as written, so end it with a slash to mean a folder. */
function toStore(text: string, endpoint: string | undefined, profile: string | undefined) {
  if (!text.startsWith("s3://")) return { kind: "local" as const, path: path.resolve(env().INIT_CWD, text) };
  const [bucket = "", ...rest] = text.slice("s3://".length).split("/");
  if (bucket === "") throw new AppError("invalid_input", `"${text}" names no bucket. Write s3://bucket/prefix.`);
  return {
    kind: "s3" as const,
    bucket,
    prefix: rest.join("/"),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(profile === undefined ? {} : { profile }),
  };
}

function toPreflightText({ checks, inventory, keyProblems, isReady }: PreflightReply): string {
  const marks = { passed: "ok  ", note: "note", failed: "FAIL" } as const;
  return [
    ...checks.map(({ side, name, outcome, sentence }) => `${marks[outcome]}  ${side}, ${name}: ${sentence}`),
    `${formatCount(inventory.objects)} objects, ${formatBytes(inventory.bytes)}${inventory.isComplete ? "" : " or more"}`,
    ...keyProblems.map(
      ({ problem, objects, examples }) => `${formatCount(objects)}: ${problem} (${examples.join(", ")})`,
    ),
    isReady ? "Ready." : "Not ready: see FAIL above.",
  ].join("\n");
}

function print({ json }: { json?: boolean }, value: unknown, text: string): void {
  console.log(json === true ? JSON.stringify(value, undefined, 2) : text);
}
