import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { AppError, ERROR_CODES } from "@/lib/errors";
import { pool } from "@/server/db/client";
import { type Preflight, type PreflightReply, preflightReplySchema, preflightSchema } from "../contract";

const WAIT_MS = 45_000;
const LOOK_MS = 150;
const KEEP = "10 min";

const rowSchema = z.object({
  reply: z.nullable(preflightReplySchema),
  problem: z.object({ code: z.enum(ERROR_CODES), message: z.string() }).nullable(),
});

/**
 * Asks the workers for a dry run and waits for it: they hold the credentials and see the directory, this process may
 * not. `unavailable` when no worker answers in time; whatever the worker was refused, with its sentence.
 */
export async function askPreflight(input: Preflight, signal: AbortSignal): Promise<PreflightReply> {
  const id = randomUUID();
  await pool().query(`delete from s3_preflight where created_at < now() - interval '${KEEP}'`);
  await pool().query("insert into s3_preflight (id, input) values ($1, $2)", [id, input]);
  const endMs = performance.now() + WAIT_MS;
  while (performance.now() < endMs) {
    await sleep(LOOK_MS, undefined, { signal });
    const { rows } = await pool().query("select reply, problem from s3_preflight where id = $1", [id]);
    const { reply, problem } = rowSchema.parse(rows[0]);
    if (reply !== null) return reply;
    if (problem !== null) throw new AppError(problem.code, problem.message);
  }
  throw new AppError("unavailable", "No worker answered within 45 s. Check on the overview that one is running.");
}

/** Takes the oldest dry run nobody has taken. One that cannot be read is answered so at once: nobody waits for it. */
export async function takePreflight(): Promise<{ id: string; input: z.output<typeof preflightSchema> } | undefined> {
  const { rows } = await pool().query<{ id: string; input: unknown }>(
    `update s3_preflight set taken_at = now() where id = (
       select id from s3_preflight where taken_at is null and created_at > now() - interval '1 min'
        order by created_at limit 1 for update skip locked) returning id, input`,
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const input = preflightSchema.safeParse(row.input);
  if (input.success) return { id: row.id, input: input.data };
  const message = "The worker does not understand this dry run: it may be of another version than the page.";
  await savePreflight(row.id, { problem: { code: "unsupported", message } });
  return undefined;
}

/** Keeps the answer of a dry run, or why there is none, for whoever asked. */
export async function savePreflight(
  id: string,
  { reply, problem }: { reply?: PreflightReply; problem?: { code: string; message: string } },
): Promise<void> {
  await pool().query("update s3_preflight set reply = $2, problem = $3 where id = $1", [
    id,
    reply ?? null,
    problem ?? null,
  ]);
}
