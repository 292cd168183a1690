import { Command } from "commander";
import {
  createdTokenSchema,
  type ReportToken,
  reportTokenSchema,
  tokenListSchema,
} from "@/features/s3-migrations/contract";
import { AppError } from "@/lib/errors";
import { callConsole } from "../console-api";

const BASE = "/api/s3-migrations/tokens";
const JSON_FLAG = ["--json", "print what the API answers"] as const;

/** `ops-console token …`: tokens of jobs that report their S3 migration to a running console. */
export function tokenCommand(): Command {
  return new Command("token")
    .description("tokens of jobs that report an S3 migration")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

type CreateOptions = { label?: string; days: string; allowReset?: boolean; json?: boolean };

function createCommand(): Command {
  return new Command("create")
    .description("make a token; it is shown this once")
    .argument("<name>", "the job's own name for its migration, like circuitverse-images")
    .option("--label <text>", "what it is for")
    .option("--days <n>", "until it ends", "30")
    .option("--allow-reset", "may take back what it reported")
    .option(...JSON_FLAG)
    .action(async (externalRef: string, { label, days, allowReset, json }: CreateOptions) => {
      if (!(Number(days) > 0)) throw new AppError("invalid_input", `--days ${days}: is no number above 0.`);
      const made = await callConsole(BASE, createdTokenSchema, {
        externalRef,
        days: Number(days),
        mayReset: allowReset === true,
        ...(label === undefined ? {} : { label }),
      });
      console.log(json === true ? JSON.stringify(made, undefined, 2) : made.token);
    });
}

function listCommand(): Command {
  return new Command("list")
    .description("all tokens, newest first, without the tokens themselves")
    .argument("[name]", "only of this migration")
    .option(...JSON_FLAG)
    .action(async (name: string | undefined, { json }: { json?: boolean }) => {
      const query = name === undefined ? "" : `?externalRef=${encodeURIComponent(name)}`;
      const reply = await callConsole(`${BASE}${query}`, tokenListSchema);
      const text = reply.tokens.length === 0 ? "No token yet." : reply.tokens.map(toLine).join("\n");
      console.log(json === true ? JSON.stringify(reply, undefined, 2) : text);
    });
}

function revokeCommand(): Command {
  return new Command("revoke")
    .description("take a token back, at once")
    .argument("<id>", "as list shows it")
    .action(async (id: string) => {
      const token = await callConsole(`${BASE}/${encodeURIComponent(id)}/revoke`, reportTokenSchema, {});
      console.log(toLine(token));
    });
}

function toLine({ id, externalRef, label, expiresAt, revokedAt, lastUsedAt }: ReportToken): string {
  const standing = revokedAt === null ? `ends ${expiresAt}` : `revoked ${revokedAt}`;
  const used = lastUsedAt === null ? "never used" : `last used ${lastUsedAt}`;
  return [id, externalRef, ...(label === "" ? [] : [label]), standing, used].join("  ");
}
