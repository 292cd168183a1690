import { Command } from "commander";
import { messageOf } from "@/lib/errors";
import { env } from "@/server/config/env";
import { superviseConsole } from "@/server/supervisor/supervise-console";
import { assertSettingFiles } from "../check-setting-files";

const SAMPLE_TIMEOUT_MS = 10_000;

/** `ops-console start`: everything on this machine, until Ctrl-C. `--demo` also asks for sample data. */
export function startCommand(): Command {
  return new Command("start")
    .description("start the whole console: database, collector, worker and web pages")
    .option("--demo", "load sample data: an hour of requests, a run, an S3 migration")
    .action(async ({ demo = false }: { demo?: boolean }) => {
      await assertSettingFiles(env());
      process.exit(await superviseConsole(demo ? { onReady: loadSampleData } : {}));
    });
}

/** The console runs, whatever becomes of its sample. */
async function loadSampleData(url: string): Promise<void> {
  const signal = AbortSignal.timeout(SAMPLE_TIMEOUT_MS);
  const refusal = await fetch(`${url}/api/sample`, { method: "POST", signal }).then(
    ({ ok, status }) => (ok ? undefined : `the console answered ${status}`),
    messageOf,
  );
  console.log(
    refusal === undefined
      ? "Sample data is being loaded; it is marked as sample, and one click on the overview removes it."
      : `Sample data could not be loaded: ${refusal}. The button on the empty overview loads it, too.`,
  );
}
