-- AlterTable
ALTER TABLE "s3_migration" ADD COLUMN "config_version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "s3_config" (
    "migration_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "changes" JSONB NOT NULL,
    "options" JSONB NOT NULL,

    CONSTRAINT "s3_config_pkey" PRIMARY KEY ("migration_id", "version")
);

-- AddForeignKey
ALTER TABLE "s3_config" ADD CONSTRAINT "s3_config_migration_id_fkey" FOREIGN KEY ("migration_id") REFERENCES "s3_migration"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By which version its holder went when it took the chunk.
ALTER TABLE s3.chunk ADD COLUMN config_version INTEGER NOT NULL DEFAULT 1;
