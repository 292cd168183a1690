-- What goes with the bytes: a number for what was sent, and whether the destination tells the same (HEADER_PROOFS).
ALTER TABLE s3.object ADD COLUMN kept_sum BIGINT,
    ADD COLUMN headers SMALLINT NOT NULL DEFAULT 0,
    ADD COLUMN type_differs BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE s3.chunk ADD COLUMN headers_proven INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN headers_differ INTEGER NOT NULL DEFAULT 0,
    ADD COLUMN types_differ INTEGER NOT NULL DEFAULT 0,
    ADD CONSTRAINT chunk_counts_kept CHECK (LEAST(headers_proven, headers_differ, types_differ) >= 0
      AND headers_proven + headers_differ <= n AND types_differ <= n);

-- What goes with an object and is not as it was told: its bytes are of another type, or the destination tells something else.
CREATE TABLE s3.finding (
    migration_no INTEGER NOT NULL,
    object_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    chunk_id INTEGER NOT NULL,
    told TEXT NOT NULL,
    found TEXT NOT NULL,
    -- The type that went with the bytes all the same.
    sent TEXT,
    at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT finding_pkey PRIMARY KEY (migration_no, object_id, kind)
);
