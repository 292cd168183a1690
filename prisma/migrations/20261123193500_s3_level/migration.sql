-- When a worker let fewer objects into flight, and why: a few rows for the marks of the chart.
CREATE TABLE s3.level_change (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    migration_no INTEGER NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    reason TEXT NOT NULL,
    from_limit SMALLINT NOT NULL,
    to_limit SMALLINT NOT NULL,
    CONSTRAINT level_change_pkey PRIMARY KEY (migration_no, id)
);
