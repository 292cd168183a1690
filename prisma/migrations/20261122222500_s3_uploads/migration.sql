-- Uploads in parts under way: a worker that dies leaves its row, and whoever comes next gives the parts back.
CREATE TABLE s3.upload (
    attempt_id UUID NOT NULL,
    migration_no INTEGER NOT NULL,
    object_id BIGINT NOT NULL,
    -- NULL between our note and the server's answer.
    upload_id TEXT,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT upload_pkey PRIMARY KEY (attempt_id)
);
CREATE INDEX upload_object_idx ON s3.upload (migration_no, object_id);
