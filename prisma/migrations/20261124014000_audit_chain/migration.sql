-- AlterTable
ALTER TABLE "audit_event" ADD COLUMN     "hash" BYTEA NOT NULL DEFAULT '\x'::bytea,
ADD COLUMN     "previous_hash" BYTEA NOT NULL DEFAULT '\x'::bytea;

-- What is hashed of a row, after the 32 bytes of the hash before it: one JSON array, as jsonb spells it. The command that
-- verifies the chain hashes this text by itself (server/audit/audit-chain-repository.ts).
CREATE FUNCTION audit_event_text(audit_event) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array($1.id, to_char($1.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    $1.actor, $1.action, $1.subject, $1.detail)::text
$$;

-- One row after the other, whoever writes: the lock is held until its transaction ends, so that ids, times and hashes have
-- one order. Ids, times and hashes are the database's alone; what a writer says of them is replaced.
CREATE FUNCTION audit_event_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(7305112031);
  NEW.id := nextval(pg_get_serial_sequence('audit_event', 'id'));
  NEW.at := date_trunc('milliseconds', clock_timestamp());
  NEW.previous_hash := coalesce((SELECT hash FROM audit_event ORDER BY id DESC LIMIT 1), sha256('ops-console audit'::bytea));
  NEW.hash := sha256(NEW.previous_hash || convert_to(audit_event_text(NEW), 'UTF8'));
  RETURN NEW;
END
$$;

CREATE FUNCTION audit_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit_event is append-only';
END
$$;

-- What was written before is chained as it stands: from here on it cannot change unseen.
DO $$
DECLARE
  one audit_event;
  before bytea := sha256('ops-console audit'::bytea);
BEGIN
  FOR one IN SELECT * FROM audit_event ORDER BY id LOOP
    UPDATE audit_event SET previous_hash = before, hash = sha256(before || convert_to(audit_event_text(one), 'UTF8'))
      WHERE id = one.id RETURNING hash INTO before;
  END LOOP;
END
$$;

-- A row that follows the same one as another would be a fork: a writer that did not see the newest row fails here.
-- CreateIndex
CREATE UNIQUE INDEX "audit_event_previous_hash_key" ON "audit_event"("previous_hash");

CREATE TRIGGER audit_event_chain BEFORE INSERT ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION audit_event_chain();
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON "audit_event"
  FOR EACH ROW EXECUTE FUNCTION audit_event_is_append_only();
CREATE TRIGGER audit_event_not_truncated BEFORE TRUNCATE ON "audit_event"
  FOR EACH STATEMENT EXECUTE FUNCTION audit_event_is_append_only();
