-- AlterEnum
ALTER TYPE "s3_migration_state" ADD VALUE 'cutover';
ALTER TYPE "s3_migration_state" ADD VALUE 'soaking';
ALTER TYPE "s3_migration_state" ADD VALUE 'retiring';
ALTER TYPE "s3_migration_state" ADD VALUE 'retired';
ALTER TYPE "s3_migration_phase" ADD VALUE 'delta' AFTER 'copy';
ALTER TYPE "s3_migration_phase" ADD VALUE 'cutover';
ALTER TYPE "s3_migration_phase" ADD VALUE 'soak';
ALTER TYPE "s3_migration_phase" ADD VALUE 'retire';

-- AlterTable
ALTER TABLE "s3_migration"
  ADD COLUMN "epoch" SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN "delta_until" SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN "delta_outcome" TEXT,
  ADD COLUMN "shrunk_to" BIGINT,
  ADD COLUMN "shrink_accepted" BIGINT,
  ADD COLUMN "list_side" TEXT,
  ADD COLUMN "listed_objects" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "listed_bytes" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "return_phase" "s3_migration_phase",
  ADD COLUMN "approved_by" TEXT,
  ADD COLUMN "approved_at" TIMESTAMPTZ(3),
  ADD COLUMN "approved_plan" TEXT,
  ADD COLUMN "cut_over_by" TEXT,
  ADD COLUMN "cut_over_at" TIMESTAMPTZ(3),
  ADD COLUMN "soak_until" TIMESTAMPTZ(3),
  ADD COLUMN "soak_next_at" TIMESTAMPTZ(3),
  ADD COLUMN "soak_checked" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "soak_wrong" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "retire_asked_by" TEXT,
  ADD COLUMN "retire_asked_at" TIMESTAMPTZ(3),
  ADD COLUMN "retire_approved_by" TEXT,
  ADD COLUMN "retire_approved_at" TIMESTAMPTZ(3),
  ADD COLUMN "orphan_objects" BIGINT,
  ADD COLUMN "orphan_bytes" BIGINT;

ALTER TABLE s3.object ADD COLUMN epoch SMALLINT NOT NULL DEFAULT 0;

ALTER TABLE s3.chunk
  ADD COLUMN epoch SMALLINT NOT NULL DEFAULT 0,
  ADD COLUMN superseded INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN missing_destination INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN different INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN wrong_type INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN retired INTEGER NOT NULL DEFAULT 0,
  DROP CONSTRAINT chunk_not_negative,
  DROP CONSTRAINT chunk_conserves_objects,
  DROP CONSTRAINT chunk_conserves_present,
  ADD CONSTRAINT chunk_not_negative CHECK (LEAST(pending, retry_wait, copied, verified, skipped_identical, skipped_filtered, failed, missing_source, conflict, source_changed, ignored, superseded, missing_destination, different, wrong_type, retired, tier_none, tier_size, tier_acknowledged, tier_stored, tier_read_back) >= 0
    AND LEAST(bytes_none, bytes_size, bytes_acknowledged, bytes_stored, bytes_read_back, bytes_waiting, bytes_other) >= 0),
  ADD CONSTRAINT chunk_conserves_objects CHECK (n = pending + retry_wait + copied + verified + skipped_identical + skipped_filtered + failed + missing_source + conflict + source_changed + ignored + superseded + missing_destination + different + wrong_type + retired),
  ADD CONSTRAINT chunk_conserves_present CHECK (copied + verified + skipped_identical + retired = tier_none + tier_size + tier_acknowledged + tier_stored + tier_read_back);

-- One look at the source: what it listed, and how that differs from the look before. Totals are those of its own epoch.
CREATE TABLE s3.pass (
    migration_no INTEGER NOT NULL,
    epoch SMALLINT NOT NULL,
    sealed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    -- Keys the source listed.
    listed BIGINT NOT NULL,
    added BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    vanished BIGINT NOT NULL,
    -- Objects without a source by then, whoever noticed it.
    missing BIGINT NOT NULL DEFAULT 0,
    -- Rows of this epoch: those added and changed.
    objects BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    chunks INTEGER NOT NULL,
    CONSTRAINT pass_pkey PRIMARY KEY (migration_no, epoch),
    CONSTRAINT pass_conserves_objects CHECK (objects = added + changed)
);
INSERT INTO s3.pass (migration_no, epoch, sealed_at, listed, added, changed, vanished, objects, bytes, chunks)
  SELECT no, 0, sealed_at, objects, objects, 0, 0, objects, bytes, chunks FROM s3_migration WHERE sealed_at IS NOT NULL;

-- Keys of the destination that the source does not have.
CREATE TABLE s3.orphan (
    migration_no INTEGER NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    CONSTRAINT orphan_pkey PRIMARY KEY (migration_no, key)
);

-- What was about to be deleted at the source, written at the destination before the first delete of its chunk.
CREATE TABLE s3.tombstone (
    migration_no INTEGER NOT NULL,
    chunk_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    objects INTEGER NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    written_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT tombstone_pkey PRIMARY KEY (migration_no, chunk_id)
);

-- Source objects a worker is about to delete: one that is gone afterwards was deleted by us, even when the worker died.
CREATE TABLE s3.retire_intent (
    migration_no INTEGER NOT NULL,
    object_id BIGINT NOT NULL,
    chunk_id INTEGER NOT NULL,
    CONSTRAINT retire_intent_pkey PRIMARY KEY (migration_no, object_id)
);

-- When each phase was entered, whoever moved it there: the engine, a command or a sealed listing.
CREATE TABLE s3.phase_entry (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    migration_no INTEGER NOT NULL,
    phase TEXT NOT NULL,
    state TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT phase_entry_pkey PRIMARY KEY (migration_no, id)
);
CREATE FUNCTION s3.note_phase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO s3.phase_entry (migration_no, phase, state) VALUES (NEW.no, NEW.phase, NEW.state);
  RETURN NULL;
END $$;
CREATE TRIGGER s3_migration_phase_made AFTER INSERT ON s3_migration FOR EACH ROW EXECUTE FUNCTION s3.note_phase();
CREATE TRIGGER s3_migration_phase_moved AFTER UPDATE OF phase, state ON s3_migration FOR EACH ROW
  WHEN (OLD.phase IS DISTINCT FROM NEW.phase OR OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION s3.note_phase();
