export { applySchemaMigrations as migrateSchema } from "@/server/db/migrate";
