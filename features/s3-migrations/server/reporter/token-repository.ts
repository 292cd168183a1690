import { createHash, randomBytes, randomUUID } from "node:crypto";
import { AppError } from "@/lib/errors";
import { pool, transaction } from "@/server/db/client";
import type { CreateToken, ReportToken } from "../../contract";

const PREFIX = "opsr_";
const TOKEN_BYTES = 32;
/** A token that is used is noted this often at most: reports should not wait for a row that all of them write. */
const NOTE_EVERY_MS = 5000;
const MAX_LISTED = 500;

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();

type Row = Omit<ReportToken, "createdAt" | "expiresAt" | "revokedAt" | "lastUsedAt"> & {
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};
const COLUMNS = `id, external_ref as "externalRef", label, may_reset as "mayReset", created_by as "createdBy",
  created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt", last_used_at as "lastUsedAt"`;

/** Makes a token; only its hash is kept, so it is told this once. */
export async function createToken(
  { externalRef, label, days, mayReset }: Required<CreateToken>,
  actor: string,
): Promise<ReportToken & { token: string }> {
  const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString("base64url")}`;
  const made = await transaction(async (client) => {
    const { rows } = await client.query<Row>(
      `insert into s3.report_token (id, hash, external_ref, label, may_reset, created_by, expires_at)
       values ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 day') returning ${COLUMNS}`,
      [randomUUID(), hashOf(token), externalRef, label, mayReset, actor, days],
    );
    const [row] = rows;
    if (row === undefined) throw new Error("insert returned no row");
    await client.query("insert into audit_event (actor, action, subject, detail) values ($1, $2, $3, $4)", [
      ...[actor, "report-token.create", `report-token:${row.id}`, { externalRef, days, mayReset }],
    ]);
    return toToken(row);
  });
  return { ...made, token };
}

/** Newest first; without a name those of all migrations. */
export async function listTokens(externalRef: string | undefined): Promise<ReportToken[]> {
  const { rows } = await pool().query<Row>(
    `select ${COLUMNS} from s3.report_token where $1::text is null or external_ref = $1
      order by created_at desc, id limit ${MAX_LISTED}`,
    [externalRef ?? null],
  );
  return rows.map(toToken);
}

/** From the next request on it opens nothing. Doing it twice does nothing again. */
export async function revokeToken(id: string, actor: string): Promise<ReportToken> {
  return transaction(async (client) => {
    const { rows } = await client.query<Row & { isNew: boolean }>(
      `update s3.report_token set revoked_at = coalesce(revoked_at, now()) where id = $1
       returning ${COLUMNS}, revoked_at = now() as "isNew"`,
      [id],
    );
    const [row] = rows;
    if (row === undefined) throw new AppError("not_found", "There is no token with this id.");
    const { isNew, ...token } = row;
    if (isNew) {
      await client.query("insert into audit_event (actor, action, subject, detail) values ($1, $2, $3, $4)", [
        ...[actor, "report-token.revoke", `report-token:${id}`, { externalRef: token.externalRef }],
      ]);
    }
    return toToken(token);
  });
}

export type Grant = { tokenId: string; externalRef: string; mayReset: boolean };

/** What a token opens now; undefined when it is none, over or revoked. Read at every request, so nothing is cached. */
export async function findGrant(token: string): Promise<Grant | undefined> {
  const { rows } = await pool().query<Grant & { isNoted: boolean }>(
    `select id as "tokenId", external_ref as "externalRef", may_reset as "mayReset",
            coalesce(last_used_at > now() - $2 * interval '1 ms', false) as "isNoted"
       from s3.report_token where hash = $1 and revoked_at is null and expires_at > now()`,
    [hashOf(token), NOTE_EVERY_MS],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { isNoted, ...grant } = row;
  if (!isNoted) await pool().query("update s3.report_token set last_used_at = now() where id = $1", [grant.tokenId]);
  return grant;
}

const toToken = ({ createdAt, expiresAt, revokedAt, lastUsedAt, ...row }: Row): ReportToken => ({
  ...row,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt.toISOString(),
  revokedAt: revokedAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
});
