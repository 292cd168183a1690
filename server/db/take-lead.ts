import pg from "pg";
import { databaseUrl } from "./client";

/** The lead, until its connection ends. */
export type Lead = { isLost: () => boolean; end: () => Promise<void> };

/** In ms: how long a silent leader keeps the lead, and how often it says that it lives. */
export type LeadTimes = { leaseMs: number; renewMs: number };

/**
 * A connection of its own that holds the advisory lock, for as long as this process says each `renewMs` that it lives:
 * after `leaseMs` of silence the database ends the session. A leader that is frozen, or whose machine is gone without a
 * goodbye, would keep a bare lock until TCP gives its connection up, hours later. `undefined` while another leads.
 */
export async function takeLead(lock: number, { leaseMs, renewMs }: LeadTimes): Promise<Lead | undefined> {
  const client = new pg.Client({
    connectionString: databaseUrl(),
    keepAlive: true,
    application_name: "ops-console leader",
  });
  let lost = false;
  client.on("error", () => {
    lost = true;
  });
  client.on("end", () => {
    lost = true;
  });
  await client.connect();
  const { rows } = await client.query<{ won: boolean }>("select pg_try_advisory_lock($1) as won", [lock]);
  if (rows[0]?.won !== true) {
    await client.end();
    return undefined;
  }
  await client.query("select set_config('idle_session_timeout', $1, false)", [`${leaseMs}ms`]);
  const timer = setInterval(() => {
    client.query("select 1").catch(() => {
      lost = true;
    });
  }, renewMs);
  return {
    isLost: () => lost,
    end: async () => {
      clearInterval(timer);
      await client.end();
    },
  };
}
