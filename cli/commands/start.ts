import { Command } from "commander";
import { superviseConsole } from "@/server/supervisor/supervise-console";

/** `ops-console start`: everything on this machine, until Ctrl-C. */
export function startCommand(): Command {
  return new Command("start")
    .description("start the whole console: database, collector, worker and web pages")
    .action(async () => process.exit(await superviseConsole()));
}
