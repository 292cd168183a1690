import { defineConfig } from "prisma/config";

// prisma's own env() throws when the variable is unset, which would break `prisma generate`.
export default defineConfig({
  schema: "prisma",
  migrations: { path: "prisma/migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://unset@127.0.0.1:1/unset" },
});
