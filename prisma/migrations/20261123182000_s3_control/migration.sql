-- The limit on objects moves among the others.
UPDATE s3_migration
   SET options = jsonb_set(options - 'maxObjectsPerSecond', '{limits}',
                           jsonb_build_object('objectsPerSecond', options->'maxObjectsPerSecond'))
 WHERE options ? 'maxObjectsPerSecond';

-- What may be used of a limit now, shared by all workers of a migration. Written a few times a second per worker, never
-- per object. May be below zero: what cannot be divided is granted whole, and the next waits for it.
CREATE TABLE s3.allowance (
    migration_no INTEGER NOT NULL,
    kind TEXT NOT NULL,
    -- Above zero, so that the first who asks is served.
    tokens DOUBLE PRECISION NOT NULL DEFAULT 1e-9,
    filled_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT allowance_pkey PRIMARY KEY (migration_no, kind)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200);

-- Takes `needed` once or several times, or nothing, and at most `wished`, at the limit the migration has at this moment. What lies
-- ready never exceeds `held_s` seconds' worth. A grant lost in a crash is simply not used: no need for a durable commit.
CREATE FUNCTION s3.take_allowance(of_no INTEGER, of_kind TEXT, needed DOUBLE PRECISION, wished DOUBLE PRECISION,
                                  held_s DOUBLE PRECISION, at TIMESTAMPTZ DEFAULT NULL)
RETURNS TABLE (granted DOUBLE PRECISION, wait_ms DOUBLE PRECISION) LANGUAGE plpgsql AS $$
DECLARE
  per_second DOUBLE PRECISION;
  bucket s3.allowance;
  ready DOUBLE PRECISION;
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  SELECT (CASE of_kind WHEN 'retireObjectsPerSecond' THEN m.options->>of_kind ELSE m.options->'limits'->>of_kind END)::double precision
    INTO per_second FROM s3_migration m WHERE m.no = of_no;
  IF per_second IS NULL THEN
    RETURN QUERY SELECT wished, 0::double precision;
    RETURN;
  END IF;
  INSERT INTO s3.allowance (migration_no, kind, filled_at) VALUES (of_no, of_kind, coalesce(at, clock_timestamp()))
    ON CONFLICT DO NOTHING;
  SELECT * INTO bucket FROM s3.allowance a WHERE a.migration_no = of_no AND a.kind = of_kind FOR UPDATE;
  at := coalesce(at, clock_timestamp());
  ready := least(per_second * held_s,
                 bucket.tokens + per_second * greatest(0, extract(epoch FROM at - bucket.filled_at)));
  granted := CASE WHEN ready > 0 THEN least(wished, ceil(ready / needed) * needed) ELSE 0 END;
  UPDATE s3.allowance a SET tokens = ready - granted, filled_at = at
   WHERE a.migration_no = of_no AND a.kind = of_kind;
  wait_ms := CASE WHEN granted >= wished THEN 0 ELSE greatest(0, granted - ready) / per_second * 1000 END;
  RETURN NEXT;
END $$;
