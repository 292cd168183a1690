import { pool, transaction } from "@/server/db/client";
import type { Target } from "./alert-targets";

export type Receiver = {
  channel: string;
  target: string;
  problem: string | null;
  /** What is on its way, and how often it was given up. */
  waiting: number;
  givenUp: number;
  deliveredAt: string | null;
  /** Of the newest attempt that failed, unless something was delivered since. */
  error: string | null;
};

/** Says where this worker's settings send alerts; what another worker has said in the last minutes stays. */
export async function tellReceivers(targets: readonly Target[], keepMs: number): Promise<void> {
  await transaction(async (client) => {
    await client.query("delete from alerts.receiver where told_at < now() - $1 * interval '1 ms'", [keepMs]);
    await client.query(
      `insert into alerts.receiver as r (channel, target, problem)
       select * from unnest($1::text[], $2::text[], $3::text[]) as t(channel, target, problem) order by 1, 2
       on conflict (channel, target) do update set problem = excluded.problem, told_at = now()`,
      [targets.map(({ channel }) => channel), targets.map(({ name }) => name), targets.map(problemOf)],
    );
  });
}

function problemOf(target: Target): string | null {
  if (target.channel === "webhook")
    return target.secret === undefined ? "OPS_ALERT_WEBHOOK_SECRET is not set, and nothing is sent unsigned" : null;
  return target.smtpUrl === undefined ? "OPS_SMTP_URL is not set" : null;
}

/** Every receiver the settings name, with what became of its deliveries. */
export async function listReceivers(): Promise<Receiver[]> {
  const { rows } = await pool().query<Omit<Receiver, "deliveredAt"> & { deliveredAt: Date | null }>(
    `select r.channel, r.target, r.problem, coalesce(d.waiting, 0)::int as waiting, coalesce(d."givenUp", 0)::int as "givenUp",
            d."deliveredAt", case when d."failedId" > coalesce(d."deliveredId", 0) then d.error end as error
       from alerts.receiver r
       left join lateral (
         select count(*) filter (where delivered_at is null and given_up_at is null) as waiting,
                count(*) filter (where given_up_at is not null) as "givenUp", max(delivered_at) as "deliveredAt",
                max(alert_id) filter (where delivered_at is not null) as "deliveredId",
                max(alert_id) filter (where delivered_at is null and error is not null) as "failedId",
                (array_agg(error order by alert_id desc) filter (where delivered_at is null and error is not null))[1] as error
           from alerts.delivery where channel = r.channel and target = r.target) d on true
      order by r.channel desc, r.target`,
  );
  return rows.map((row) => ({ ...row, deliveredAt: row.deliveredAt?.toISOString() ?? null }));
}

/** An alert that says nothing but that alerts come through, and who asked for it. */
export async function raiseTestAlert(asker: string): Promise<void> {
  await transaction(async (client) => {
    await client.query(
      "insert into alerts.alert (kind, severity, subject, title, body) values ('test', 'info', 'console', 'Test alert', $1)",
      [`${asker} asked for it. Nothing is wrong.`],
    );
    await client.query(
      "insert into audit_event (actor, action, subject, detail) values ($1, 'alerts.test', 'console', '{}')",
      [asker],
    );
  });
}
