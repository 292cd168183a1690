-- What people have to hear of. A row is written in the transaction of its cause, and is itself the outbox: a worker makes
-- its deliveries, by its own settings, and repeats each until somebody took it.
CREATE SCHEMA alerts;

CREATE TABLE alerts.alert (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    -- The same in every delivery, so that a receiver can tell a repetition.
    uid UUID NOT NULL DEFAULT gen_random_uuid(),
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    -- `s3-migration:<id>`, as in the audit.
    subject TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now(),
    fanned_out_at TIMESTAMPTZ,
    CONSTRAINT alert_pkey PRIMARY KEY (id)
);
CREATE INDEX alert_outbox_idx ON alerts.alert (id) WHERE fanned_out_at IS NULL;

CREATE TABLE alerts.delivery (
    alert_id BIGINT NOT NULL REFERENCES alerts.alert (id) ON DELETE CASCADE,
    channel TEXT NOT NULL,
    -- Tells one receiver from another without its secrets.
    target TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    delivered_at TIMESTAMPTZ,
    given_up_at TIMESTAMPTZ,
    error TEXT,
    CONSTRAINT delivery_pkey PRIMARY KEY (alert_id, channel, target)
);
CREATE INDEX delivery_due_idx ON alerts.delivery (next_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;

-- Up to which alert a person has read.
CREATE TABLE alerts.read_mark (
    viewer TEXT NOT NULL,
    up_to BIGINT NOT NULL,
    CONSTRAINT read_mark_pkey PRIMARY KEY (viewer)
);

-- By a trigger, because a stop is written in five places: none of them can forget it, and none can commit without it.
CREATE FUNCTION alerts.of_s3_migration() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  reason TEXT := coalesce(NEW.stop_message, '');
BEGIN
  IF OLD.stopped_at IS NULL AND NEW.stopped_at IS NOT NULL THEN
    INSERT INTO alerts.alert (kind, severity, subject, title, body) VALUES (
      CASE WHEN NEW.stop_class = 'auth' THEN 'credentials' WHEN NEW.phase IN ('list', 'delta') THEN 'listing' ELSE 'error_budget' END,
      'critical', 's3-migration:' || NEW.id, NEW.name || ' stopped by itself', reason);
  ELSIF OLD.state <> NEW.state AND NEW.state = 'failed' AND NEW.stopped_at IS NULL THEN
    INSERT INTO alerts.alert (kind, severity, subject, title, body) VALUES ('done', 'warning', 's3-migration:' || NEW.id,
      NEW.name || ' ended with objects to decide about', 'Everything else is proven. Look at the failures, then retry or leave them.');
  ELSIF OLD.state <> NEW.state AND NEW.state = 'verified' THEN
    INSERT INTO alerts.alert (kind, severity, subject, title, body) VALUES ('done', 'info', 's3-migration:' || NEW.id,
      NEW.name || ' is verified', 'Every object is proven at the destination. The cutover can begin.');
  ELSIF OLD.state <> NEW.state AND NEW.state = 'retired' THEN
    INSERT INTO alerts.alert (kind, severity, subject, title, body) VALUES ('done', 'info', 's3-migration:' || NEW.id,
      NEW.name || ' is over: the source is retired', 'What was proven at the destination has been deleted at the source.');
  END IF;
  IF NEW.progress->'eta'->>'kind' = 'stalled' AND OLD.progress->'eta'->>'kind' IS DISTINCT FROM 'stalled' THEN
    INSERT INTO alerts.alert (kind, severity, subject, title, body) VALUES ('stall', 'warning', 's3-migration:' || NEW.id,
      NEW.name || ' stalled', 'Nothing has finished since ' || (NEW.progress->'eta'->>'since') || '.');
  END IF;
  IF NEW.progress->'engine'->>'throttledSince' IS NOT NULL AND OLD.progress->'engine'->>'throttledSince' IS NULL THEN
    INSERT INTO alerts.alert (kind, severity, subject, title, body) VALUES ('throttle', 'warning', 's3-migration:' || NEW.id,
      NEW.name || ' is throttled', 'A store has asked it to be slower since ' || (NEW.progress->'engine'->>'throttledSince') || '. It goes on, more slowly.');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER s3_migration_alerts AFTER UPDATE OF state, stopped_at, progress ON s3_migration FOR EACH ROW
  WHEN (NOT NEW.is_sample) EXECUTE FUNCTION alerts.of_s3_migration();
