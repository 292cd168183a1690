import path from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

export default defineConfig({
  resolve: {
    alias: {
      "server-only": path.join(root, "node_modules/server-only/empty.js"),
      "@": root,
    },
  },
  test: {
    maxWorkers: 2,
    // Tests provoke failures on purpose; their log lines would bury the one that matters.
    env: { OPS_LOG_LEVEL: "silent" },
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["{lib,server,features,components,cli,worker,collector,web,scripts}/**/*.test.{ts,tsx}"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["tests/{integration,faults,setup}/**/*.test.ts"],
          globalSetup: ["tests/support/postgres-global-setup.ts"],
          // Conditions are waited for; a limit only ends what hangs, and a busy machine is no hang.
          testTimeout: 180_000,
          hookTimeout: 240_000,
        },
      },
      // Against the real servers that scripts/test-go.mjs builds (npm run test:jaeger, npm run test:s3).
      ...["jaeger", "s3"].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`tests/${name}/**/*.test.ts`],
          globalSetup: ["tests/support/postgres-global-setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      })),
    ],
  },
});
