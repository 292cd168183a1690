import { pool, transaction } from "@/server/db/client";
import { notify } from "@/server/realtime/listen";
import type { SampleState, SampleStatus } from "../contract";
import { SAMPLE_STATES } from "../contract";

/** Hint sent whenever the row changes. */
export const SAMPLE_TOPIC = "sample";

export async function findSampleStatus(): Promise<SampleStatus> {
  const { rows } = await pool().query<{ state: string; detail: string; updatedAt: Date }>(
    `select state, detail, updated_at as "updatedAt" from sample_data where id = 1`,
  );
  const row = rows[0];
  if (row === undefined) return { state: "absent", detail: "", updatedAt: null };
  return { state: parseState(row.state), detail: row.detail, updatedAt: row.updatedAt.toISOString() };
}

/**
 * Moves to `to` when the present state is one of `from`; the row lock makes two clicks one change. Returns whether it
 * moved. An `actor` is recorded as having asked for it.
 */
export async function moveSample({
  from,
  to,
  detail,
  actor,
}: {
  from: readonly SampleState[];
  to: SampleState;
  detail: string;
  actor?: string;
}): Promise<boolean> {
  return transaction(async (client) => {
    await client.query(
      "insert into sample_data (id, state, updated_at) values (1, 'absent', now()) on conflict do nothing",
    );
    const { rows } = await client.query<{ state: string }>("select state from sample_data where id = 1 for update");
    if (!from.includes(parseState(rows[0]?.state ?? "absent"))) return false;
    await client.query("update sample_data set state = $1, detail = $2, updated_at = now() where id = 1", [to, detail]);
    if (actor !== undefined) {
      await client.query("insert into audit_event (actor, action, subject) values ($1, $2, 'sample-data')", [
        actor,
        `sample.${to}`,
      ]);
    }
    await notify(SAMPLE_TOPIC, client);
    return true;
  });
}

function parseState(text: string): SampleState {
  return SAMPLE_STATES.find((state) => state === text) ?? "absent";
}
