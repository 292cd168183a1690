-- What the destination took to answer writes, of all workers, by bucket of the domain's latency histogram; only grows.
CREATE TABLE s3.put_latency (
    migration_no INTEGER NOT NULL,
    counts BIGINT[] NOT NULL,
    CONSTRAINT put_latency_pkey PRIMARY KEY (migration_no)
);

-- What was forecast at each point of the chart, and what writes took since the point before it.
ALTER TABLE "s3_progress_sample"
    ADD COLUMN "eta_earliest_at" TIMESTAMPTZ(3),
    ADD COLUMN "eta_latest_at" TIMESTAMPTZ(3),
    ADD COLUMN "put_p50_ms" DOUBLE PRECISION,
    ADD COLUMN "put_p95_ms" DOUBLE PRECISION;
