-- AlterEnum
ALTER TYPE "s3_migration_state" ADD VALUE 'reported';

-- A migration that a job elsewhere reports: its name there, and the sums of its items. Sums move with items alone, in the
-- transaction of the batch that moves them; the row is locked first, so batches of one migration take turns.
CREATE TABLE s3.reported (
    migration_no INTEGER NOT NULL,
    external_ref TEXT NOT NULL,
    -- Kept after the migration is gone, so that its job is told so.
    purged_at TIMESTAMPTZ,
    declared_objects BIGINT,
    declared_bytes BIGINT,
    -- Grows with everything a screen could show; the leader compares.
    revision BIGINT NOT NULL DEFAULT 1,
    shown_revision BIGINT NOT NULL DEFAULT 0,
    objects BIGINT NOT NULL DEFAULT 0,
    bytes BIGINT NOT NULL DEFAULT 0,
    pending BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    missing_source BIGINT NOT NULL DEFAULT 0,
    conflict BIGINT NOT NULL DEFAULT 0,
    skipped_filtered BIGINT NOT NULL DEFAULT 0,
    skipped_identical BIGINT NOT NULL DEFAULT 0,
    copied BIGINT NOT NULL DEFAULT 0,
    verified BIGINT NOT NULL DEFAULT 0,
    bytes_present BIGINT NOT NULL DEFAULT 0,
    bytes_waiting BIGINT NOT NULL DEFAULT 0,
    bytes_other BIGINT NOT NULL DEFAULT 0,
    -- XOR of the SHA-256 of every key ever reported.
    key_digest BYTEA NOT NULL DEFAULT decode(repeat('00', 32), 'hex'),
    completed_at TIMESTAMPTZ,
    -- Which run of maintenance_tasks is watched, and what was last seen of it.
    watch JSONB,
    seen JSONB,
    CONSTRAINT reported_pkey PRIMARY KEY (migration_no),
    CONSTRAINT reported_not_negative CHECK (LEAST(pending, failed, missing_source, conflict, skipped_filtered, skipped_identical, copied, verified, bytes_present, bytes_waiting, bytes_other) >= 0),
    CONSTRAINT reported_conserves_objects CHECK (objects = pending + failed + missing_source + conflict + skipped_filtered + skipped_identical + copied + verified),
    CONSTRAINT reported_conserves_bytes CHECK (bytes = bytes_present + bytes_waiting + bytes_other)
);
CREATE UNIQUE INDEX reported_external_ref_idx ON s3.reported (external_ref);

CREATE TABLE s3.reported_object (
    migration_no INTEGER NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    stream_id UUID NOT NULL,
    -- Position in OBJECT_STATES.
    state SMALLINT NOT NULL,
    size BIGINT NOT NULL,
    checksum TEXT,
    algo TEXT,
    content_type TEXT,
    error_class TEXT,
    error_code TEXT,
    error_message TEXT,
    -- The job's own clock: shown, never counted with.
    said_at TIMESTAMPTZ,
    attempts INTEGER NOT NULL DEFAULT 1,
    first_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    last_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT reported_object_pkey PRIMARY KEY (migration_no, key)
);
-- Few: what needs a person.
CREATE INDEX reported_object_failure_idx ON s3.reported_object (migration_no, error_class, error_code, id)
    WHERE error_class IS NOT NULL;

-- One writer of reports. A writer that opens it again gets the next epoch, which shuts the earlier one out.
CREATE TABLE s3.reporter_stream (
    id UUID NOT NULL,
    migration_no INTEGER NOT NULL,
    writer TEXT NOT NULL,
    epoch INTEGER NOT NULL DEFAULT 1,
    next_seq BIGINT NOT NULL DEFAULT 1,
    status TEXT NOT NULL DEFAULT 'running',
    current_key TEXT,
    last_heard_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    opened_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT reporter_stream_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX reporter_stream_writer_idx ON s3.reporter_stream (migration_no, writer);

-- Every batch that was applied, so that the same one again is known and changes nothing.
CREATE TABLE s3.reporter_batch (
    migration_no INTEGER NOT NULL,
    stream_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    epoch INTEGER NOT NULL,
    -- SHA-256 of what the batch says, without its epoch: a batch sent again by the writer's next life is the same.
    body_hash BYTEA NOT NULL,
    items INTEGER NOT NULL,
    applied_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT reporter_batch_pkey PRIMARY KEY (stream_id, seq)
);

-- What a job shows to report: the hash of a random token, for one migration by the name the job gives it.
CREATE TABLE s3.report_token (
    id UUID NOT NULL,
    hash BYTEA NOT NULL,
    external_ref TEXT NOT NULL,
    label TEXT NOT NULL,
    may_reset BOOLEAN NOT NULL DEFAULT FALSE,
    created_by TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    expires_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    CONSTRAINT report_token_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX report_token_hash_idx ON s3.report_token (hash);
CREATE INDEX report_token_ref_idx ON s3.report_token (external_ref);
