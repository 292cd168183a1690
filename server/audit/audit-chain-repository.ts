import { createHash } from "node:crypto";
import { pool } from "@/server/db/client";

const BATCH_ROWS = 5000;
/** What the first row of a chain follows. */
const BEGINNING = createHash("sha256").update("ops-console audit").digest();

/** What reading the whole chain found. `head` is the hash of the newest row, in hex, to compare with one noted elsewhere. */
export type AuditChain = { rows: number; head: string; broken: { id: number; reason: string } | undefined };

type Row = { id: number; text: string; hash: Buffer; previousHash: Buffer };

/**
 * Follows the chain of the audit from its first row, hashing each by itself, and stops at the first that is not what was
 * written. Rows cut off at the end leave a chain that is whole: only a head noted elsewhere tells of them.
 */
export async function verifyAuditChain(): Promise<AuditChain> {
  let [rows, after] = [0, -1];
  let previous: Buffer = BEGINNING;
  for (;;) {
    const batch = await readBatch(after);
    for (const row of batch) {
      const reason = faultOf(row, previous);
      if (reason !== undefined) return { rows, head: previous.toString("hex"), broken: { id: row.id, reason } };
      previous = row.hash;
      after = row.id;
      rows += 1;
    }
    if (batch.length < BATCH_ROWS) return { rows, head: previous.toString("hex"), broken: undefined };
  }
}

async function readBatch(after: number): Promise<Row[]> {
  const { rows } = await pool().query<Row>(
    `select id, audit_event_text(e) as text, hash, previous_hash as "previousHash"
       from audit_event e where id > $1 order by id limit $2`,
    [after, BATCH_ROWS],
  );
  return rows;
}

function faultOf({ text, hash, previousHash }: Row, previous: Buffer): string | undefined {
  if (!previousHash.equals(previous))
    return "it does not follow the row before it: a row was removed or put in between";
  const computed = createHash("sha256").update(previousHash).update(text).digest();
  return hash.equals(computed) ? undefined : "it is not what was written";
}
