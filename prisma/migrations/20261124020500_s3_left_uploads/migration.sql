-- Uploads in parts of migrations that were removed here: aborted at the destination by any worker, and forgotten only then.
CREATE TABLE s3.left_upload (
    attempt_id UUID NOT NULL,
    destination JSONB NOT NULL,
    -- At the destination, without its prefix.
    key TEXT NOT NULL,
    -- NULL: whoever began it has not told yet how the server calls it.
    upload_id TEXT,
    started_at TIMESTAMPTZ NOT NULL,
    left_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT left_upload_pkey PRIMARY KEY (attempt_id)
);
