import path from "node:path";
import { defineConfig } from "vitest/config";

const root = path.join(import.meta.dirname, "../..");

/** The contract against a server that tests/s3/run.mjs has started; kept out of `npm test`, which has npm alone. */
export default defineConfig({
  root,
  resolve: {
    alias: { "server-only": path.join(root, "node_modules/server-only/empty.js"), "@": root },
  },
  test: {
    include: ["tests/s3/**/*.test.ts"],
    globalSetup: [path.join(root, "tests/support/postgres-global-setup.ts")],
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
