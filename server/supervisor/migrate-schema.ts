/** The door through which the command line, which may not touch the database, brings the schema up to date. */
export { applySchemaMigrations, databaseRefusal } from "@/server/db/migrate";
