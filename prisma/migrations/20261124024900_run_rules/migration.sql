-- What an event carries beside its words: evidence, who took a role, until when a step waits.
ALTER TABLE "run_event" ADD COLUMN "data" JSONB NOT NULL DEFAULT '{}';

-- Who has a run open, and at which step. Written every few seconds and worthless after a minute, so not kept by the log.
CREATE UNLOGGED TABLE "run_presence" (
    "run_id" BIGINT NOT NULL,
    "person" TEXT NOT NULL,
    "step_id" TEXT,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_presence_pkey" PRIMARY KEY ("run_id","person")
);
ALTER TABLE "run_presence" ADD CONSTRAINT "run_presence_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The newest sample of each check of a run that is followed.
CREATE TABLE "run_check" (
    "run_id" BIGINT NOT NULL,
    "step_id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL,
    "reading" TEXT NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL,
    "sampled_at" TIMESTAMPTZ(3) NOT NULL,
    "true_since" TIMESTAMPTZ(3),
    "next_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "run_check_pkey" PRIMARY KEY ("run_id","step_id","position")
);
ALTER TABLE "run_check" ADD CONSTRAINT "run_check_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
