-- What workers saw of late, for the error budget they share: some rows a second and worker, the oldest are removed as new
-- ones come. Lost with a crash of the database, which costs nothing but the memory of a thousand results.
CREATE UNLOGGED TABLE s3.result_tally (
    migration_no INTEGER NOT NULL,
    seq BIGINT GENERATED ALWAYS AS IDENTITY,
    phase s3_migration_phase NOT NULL,
    results INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    -- Failures of `class` at the end of these results, nothing else in between.
    run INTEGER NOT NULL,
    class TEXT,
    CONSTRAINT result_tally_pkey PRIMARY KEY (migration_no, seq)
);
