import { createAlertTask } from "@/server/alerts/deliver-alerts";
import { closeDatabase } from "@/server/db/client";

/** A worker process that only delivers alerts, to be killed. */
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
await createAlertTask({ pollMs: 50, leaseMs: 1500, firstRetryMs: 100 }).run(stop.signal);
await closeDatabase();
process.exit(0);
