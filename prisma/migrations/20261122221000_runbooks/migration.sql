-- CreateTable
CREATE TABLE "runbook_source" (
    "name" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "location" TEXT NOT NULL,
    "ref" TEXT,
    "commit" TEXT,
    "signature" TEXT NOT NULL DEFAULT '',
    "synced_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "failure" TEXT,
    "notes" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "runbook_source_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "runbook" (
    "id" TEXT NOT NULL,
    "source_name" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "blob" TEXT NOT NULL,
    "commit" TEXT,
    "text" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "is_template" BOOLEAN NOT NULL,
    "step_count" INTEGER NOT NULL,
    "parser_version" INTEGER NOT NULL,
    "parsed" JSONB NOT NULL,
    "tree" JSONB NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,
    "changed_by" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "runbook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" BIGSERIAL NOT NULL,
    "title" TEXT NOT NULL,
    "runbook_id" TEXT NOT NULL,
    "source_name" TEXT NOT NULL,
    "path" TEXT NOT NULL,
    "blob" TEXT NOT NULL,
    "commit" TEXT,
    "parser_version" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "tree" JSONB NOT NULL,
    "params" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'active',
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "step_count" INTEGER NOT NULL,
    "done_count" INTEGER NOT NULL DEFAULT 0,
    "skipped_count" INTEGER NOT NULL DEFAULT 0,
    "started_by" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_by" TEXT,
    "ended_at" TIMESTAMPTZ(3),
    "idempotency_key" TEXT,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_event" (
    "run_id" BIGINT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "step_id" TEXT,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "text" TEXT NOT NULL DEFAULT '',
    "idempotency_key" TEXT NOT NULL,

    CONSTRAINT "run_event_pkey" PRIMARY KEY ("run_id","sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "runbook_source_name_path_key" ON "runbook"("source_name", "path");

-- CreateIndex
CREATE UNIQUE INDEX "run_idempotency_key_key" ON "run"("idempotency_key");

-- CreateIndex
CREATE INDEX "run_runbook_id_id_idx" ON "run"("runbook_id", "id");

-- CreateIndex
CREATE INDEX "run_status_id_idx" ON "run"("status", "id");

-- CreateIndex
CREATE UNIQUE INDEX "run_event_run_id_idempotency_key_key" ON "run_event"("run_id", "idempotency_key");

-- AddForeignKey
ALTER TABLE "runbook" ADD CONSTRAINT "runbook_source_name_fkey" FOREIGN KEY ("source_name") REFERENCES "runbook_source"("name") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The log is append-only. Rows go only together with their run (sample data removed), which fires this from inside the
-- cascade, one trigger deep.
CREATE FUNCTION run_event_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND pg_trigger_depth() > 1 THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'run_event is append-only';
END
$$;

CREATE TRIGGER run_event_append_only BEFORE UPDATE OR DELETE ON "run_event"
  FOR EACH ROW EXECUTE FUNCTION run_event_is_append_only();
