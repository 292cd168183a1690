import { Command } from "commander";
import { env } from "@/server/config/env";
import { assertSettingFiles } from "../check-setting-files";

/** `ops-console web`: the pages and the API alone; `DATABASE_URL` and `JAEGER_URL` say where the rest is. */
export function webCommand(): Command {
  return single("web", "serve the pages and the API", () => import("@/web/main"));
}

/** `ops-console worker`: the background work alone; as many as wanted share it. */
export function workerCommand(): Command {
  return single("worker", "do the background work: migrations, checks, retention", () => import("@/worker/main"));
}

/** `ops-console collector`: the trace receiver and the Jaeger query API alone. */
export function collectorCommand(): Command {
  return single("collector", "receive traces (OTLP) and answer Jaeger queries", () => import("@/collector/main"));
}

function single(name: string, what: string, run: () => Promise<unknown>): Command {
  return new Command(name).description(`${what}, alone`).action(async () => {
    await assertSettingFiles(env());
    await run();
  });
}
