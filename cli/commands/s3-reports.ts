import { createWriteStream } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Command, Option } from "commander";
import { manifestKeyReplySchema } from "@/features/s3-migrations/contract";
import { AppError } from "@/lib/errors";
import { env } from "@/server/config/env";
import { callConsole, openConsole } from "../console-api";

const BASE = "/api/s3-migrations";
/** A report of millions of objects is written as it is read; the console ends one that is broken. */
const REPORT_TIMEOUT_MS = 6 * 3600 * 1000;
type Output = { output?: string };

/** `report <id>`: what happened, for people and spreadsheets. */
export function reportCommand(): Command {
  return new Command("report")
    .description("a report to keep; to the terminal, or to a file")
    .argument("<id>")
    .addOption(new Option("--format <format>", "html, csv or json").choices(["html", "csv", "json"]).default("html"))
    .option("--output <file>", "where to write it")
    .action((id: string, { format, output }: Output & { format: string }) => writeReport(id, format, output));
}

/** `export <id>`: the signed manifest, and the key that checks it. */
export function exportCommand(): Command {
  return new Command("export")
    .description("the signed manifest of what is at the destination; clients/verify-manifest.mjs checks it offline")
    .argument("[id]")
    .option("--output <file>", "where to write it")
    .option("--public-key", "print the public key instead, to check manifests with")
    .action(async (id: string | undefined, { output, publicKey }: Output & { publicKey?: boolean }) => {
      if (publicKey === true) {
        const { publicKey: pem, fingerprint } = await callConsole(`${BASE}/manifest-key`, manifestKeyReplySchema);
        console.log(`${pem}SHA-256 ${fingerprint}`);
        return;
      }
      if (id === undefined) throw new AppError("invalid_input", "Name the migration, or ask for --public-key.");
      await writeReport(id, "manifest", output);
    });
}

async function writeReport(id: string, format: string, output: string | undefined): Promise<void> {
  const response = await openConsole(`${BASE}/${encodeURIComponent(id)}/report?format=${format}`, {
    signal: AbortSignal.timeout(REPORT_TIMEOUT_MS),
  });
  const pieces = Readable.from(response.body ?? []);
  if (output === undefined) await pipeline(pieces, process.stdout, { end: false });
  else await pipeline(pieces, createWriteStream(path.resolve(env().INIT_CWD, output)));
}
