-- AlterTable
ALTER TABLE "s3_migration" ADD COLUMN "plan" JSONB,
ADD COLUMN "blocked" TEXT;

-- Where an object goes: NULL = to its own key. The destination's prefix stands before either.
ALTER TABLE s3.object ADD COLUMN dst_key TEXT COLLATE "C",
    -- Code of the reason for an object that is not copied.
    ADD COLUMN reason TEXT,
    -- What a manifest or a database says of the object: size, MD5, content type. NULL = nothing does.
    ADD COLUMN expected JSONB;

-- A listing under way has the old columns: it begins anew, which costs a pass and loses nothing.
DO $$
DECLARE
    listing TEXT;
BEGIN
    FOR listing IN SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 's3' AND c.relname ~ '^listing_[0-9]+$' AND c.relkind = 'r'
    LOOP
        EXECUTE format('DROP TABLE s3.%I', listing);
    END LOOP;
    UPDATE s3_migration SET list_cursor = NULL WHERE list_cursor IS NOT NULL;
END $$;
