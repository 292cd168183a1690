import { AppError } from "@/lib/errors";
import { pool } from "@/server/db/client";
import { hashOfSecret } from "./secrets";

const MOST_FAILURES = 5;
const WINDOW_MINUTES = 15;

/** One try to sign in: counted as a failure until it is known to be none. */
export type Attempt = { id: number; account: string };

/**
 * Notes a try before it is decided, and refuses the sixth within 15 minutes, per account and per address. Noted first and
 * counted after, so that of many at once no more than five come through. A refused try does not count itself.
 */
export async function beginAttempt(account: string, address: string): Promise<Attempt> {
  const key = hashOfSecret(account.trim().toLowerCase());
  await pool().query(`delete from access.failure where at < now() - interval '${WINDOW_MINUTES} minutes'`);
  const { rows: made } = await pool().query<{ id: number }>(
    "insert into access.failure (account, address) values ($1, $2) returning id",
    [key, address],
  );
  const id = made[0]?.id ?? 0;
  const { rows } = await pool().query<{ n: number; waitSeconds: number | null }>(
    `select greatest(count(*) filter (where account = $1), count(*) filter (where address = $2)) as n,
            ceil(extract(epoch from min(at) + interval '${WINDOW_MINUTES} minutes' - now()))::int as "waitSeconds"
       from access.failure where (account = $1 or address = $2) and at > now() - interval '${WINDOW_MINUTES} minutes'`,
    [key, address],
  );
  if ((rows[0]?.n ?? 0) <= MOST_FAILURES) return { id, account: key };
  await pool().query("delete from access.failure where id = $1", [id]);
  const minutes = Math.max(1, Math.ceil((rows[0]?.waitSeconds ?? 0) / 60));
  throw new AppError(
    "too_many_requests",
    `Too many failed tries. Try again in ${minutes} ${minutes === 1 ? "minute" : "minutes"}.`,
    { retryAfterSeconds: minutes * 60 },
  );
}

/** The try was none: with it go the account's failures, not those of its address. */
export async function forgiveAttempt({ id, account }: Attempt): Promise<void> {
  await pool().query("delete from access.failure where id = $1 or account = $2", [id, account]);
}
