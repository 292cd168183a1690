-- What an upload in parts was cut from, and the parts the server acknowledged: whoever takes over goes on from there.
ALTER TABLE s3.upload ADD COLUMN fingerprint TEXT,
    ADD COLUMN size BIGINT,
    ADD COLUMN part_size BIGINT,
    ADD COLUMN kept_sum BIGINT;
CREATE TABLE s3.upload_part (
    attempt_id UUID NOT NULL,
    part_number SMALLINT NOT NULL,
    etag TEXT NOT NULL,
    crc32 TEXT NOT NULL,
    md5 TEXT NOT NULL,
    CONSTRAINT upload_part_pkey PRIMARY KEY (attempt_id, part_number),
    CONSTRAINT upload_part_attempt_fkey FOREIGN KEY (attempt_id) REFERENCES s3.upload (attempt_id) ON DELETE CASCADE
);
-- Uploads of others under the destination's prefix, as last seen: listed, never touched.
CREATE TABLE s3.foreign_upload (
    migration_no INTEGER NOT NULL,
    upload_id TEXT NOT NULL,
    key TEXT NOT NULL,
    initiated_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    CONSTRAINT foreign_upload_pkey PRIMARY KEY (migration_no, upload_id)
);
