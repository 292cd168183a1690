-- What stood in s3.failure when a command put the object back to work: the object's history, one row per retry.
CREATE TABLE s3.retried (
    migration_no INTEGER NOT NULL,
    object_id BIGINT NOT NULL,
    command_id BIGINT NOT NULL,
    state SMALLINT NOT NULL,
    class TEXT NOT NULL,
    code TEXT NOT NULL,
    http_status SMALLINT,
    request_id TEXT,
    message TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    first_at TIMESTAMPTZ NOT NULL,
    last_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT retried_pkey PRIMARY KEY (migration_no, object_id, command_id)
);
