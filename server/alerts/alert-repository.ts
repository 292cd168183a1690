import { pool } from "@/server/db/client";
import type { Target } from "./alert-targets";

export type AlertRow = {
  id: number;
  uid: string;
  kind: string;
  severity: string;
  subject: string;
  title: string;
  body: string;
  at: string;
};
export type DeliveryState = { channel: string; target: string; state: string; attempts: number; error: string | null };
export type ListedAlert = AlertRow & { isRead: boolean; deliveries: DeliveryState[] };

const LISTED = 50;

/** Newest first, at most 50, with what became of each delivery; `unread` counts all of them. */
export async function listAlerts(viewer: string): Promise<{ alerts: ListedAlert[]; unread: number }> {
  const { rows } = await pool().query<Omit<ListedAlert, "at"> & { at: Date }>(
    `select a.id, a.uid, a.kind, a.severity, a.subject, a.title, a.body, a.at, a.id <= ${UP_TO} as "isRead",
            coalesce((select json_agg(json_build_object('channel', channel, 'target', target, 'attempts', attempts, 'error', error,
                        'state', case when delivered_at is not null then 'delivered' when given_up_at is not null then 'given_up'
                                      when attempts > 0 then 'retrying' else 'waiting' end) order by channel, target)
                        from alerts.delivery d where d.alert_id = a.id), '[]') as deliveries
       from alerts.alert a order by a.id desc limit ${LISTED}`,
    [viewer],
  );
  const unread = await pool().query<{ n: number }>(`select count(*) as n from alerts.alert where id > ${UP_TO}`, [
    viewer,
  ]);
  return { alerts: rows.map((row) => ({ ...row, at: row.at.toISOString() })), unread: unread.rows[0]?.n ?? 0 };
}
const UP_TO = "coalesce((select up_to from alerts.read_mark where viewer = $1), 0)";

/** A person has read everything up to this one; never goes back. */
export async function markRead(viewer: string, upTo: number): Promise<void> {
  await pool().query(
    `insert into alerts.read_mark as m (viewer, up_to) values ($1, $2)
     on conflict (viewer) do update set up_to = greatest(m.up_to, excluded.up_to)`,
    [viewer, upTo],
  );
}

/** Gives every new alert one delivery per target, once; without targets, none. */
export async function fanOut(targets: readonly Target[]): Promise<void> {
  await pool().query(
    `with fresh as (update alerts.alert set fanned_out_at = now() where fanned_out_at is null returning id)
     insert into alerts.delivery (alert_id, channel, target)
     select fresh.id, t.channel, t.name from fresh, unnest($1::text[], $2::text[]) as t(channel, name) on conflict do nothing`,
    [targets.map(({ channel }) => channel), targets.map(({ name }) => name)],
  );
}

export type Due = AlertRow & { alertId: number; channel: string; target: string; attempts: number };

/** Takes what is due. Nobody else does before `leaseMs` are over, and then it is sent again: whoever took it is dead. */
export async function takeDue(leaseMs: number): Promise<Due[]> {
  const { rows } = await pool().query<Omit<Due, "at"> & { at: Date }>(
    `with due as (
       update alerts.delivery set attempts = attempts + 1, next_at = now() + $1 * interval '1 ms'
        where (alert_id, channel, target) in (
          select alert_id, channel, target from alerts.delivery
           where delivered_at is null and given_up_at is null and next_at <= now()
           order by alert_id limit 10 for update skip locked)
       returning alert_id, channel, target, attempts)
     select due.alert_id as "alertId", due.channel, due.target, due.attempts, a.id, a.uid, a.kind, a.severity, a.subject, a.title,
            a.body, a.at
       from due join alerts.alert a on a.id = due.alert_id order by a.id`,
    [leaseMs],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}

/** Writes down what became of an attempt, unless a later one is under way by now. */
export async function settle(
  { alertId, channel, target, attempts }: Due,
  outcome: { isDelivered: true } | { isDelivered: false; error: string; retryAfterMs: number | undefined },
): Promise<void> {
  const failed = outcome.isDelivered ? undefined : outcome;
  await pool().query(
    `update alerts.delivery set delivered_at = case when $5 then now() end, error = $6,
            given_up_at = case when not $5 and $7::float8 is null then now() end,
            next_at = now() + coalesce($7::float8, 0) * interval '1 ms'
      where alert_id = $1 and channel = $2 and target = $3 and attempts = $4`,
    [
      alertId,
      channel,
      target,
      attempts,
      outcome.isDelivered,
      failed?.error.slice(0, 300) ?? null,
      failed?.retryAfterMs ?? null,
    ],
  );
}
