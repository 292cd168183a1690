import { ENGINE_SETTINGS } from "@/features/s3-migrations/server/engine/engine-settings";
import { createS3EngineTask } from "@/features/s3-migrations/server/s3-engine-task";
import { closeDatabase } from "@/server/db/client";

/** A worker process of its own, to be killed: runs the engine with the times of its first argument (JSON). */
const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
process.send?.("ready");
await createS3EngineTask({ ...ENGINE_SETTINGS, ...JSON.parse(process.argv[2] ?? "{}") }).run(stop.signal);
await closeDatabase();
process.exit(0);
