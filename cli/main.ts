import { Command } from "commander";
import { AppError } from "@/lib/errors";
import { adminCodeCommand } from "./commands/admin-code";
import { auditCommand } from "./commands/audit";
import { doctorCommand } from "./commands/doctor";
import { localS3Command } from "./commands/local-s3";
import { migrateSchemaCommand } from "./commands/migrate-schema";
import { collectorCommand, webCommand, workerCommand } from "./commands/processes";
import { runbooksCommand } from "./commands/runbooks";
import { s3MigrationCommand } from "./commands/s3-migration";
import { startCommand } from "./commands/start";
import { tokenCommand } from "./commands/token";
import { tracesCommand } from "./commands/traces";
import { exitCodeOf, USAGE } from "./exit-code";

/** Every verb of `ops-console`, in the order of `--help`. */
const COMMANDS = [
  startCommand,
  doctorCommand,
  webCommand,
  workerCommand,
  collectorCommand,
  migrateSchemaCommand,
  tracesCommand,
  runbooksCommand,
  s3MigrationCommand,
  tokenCommand,
  adminCodeCommand,
  auditCommand,
  localS3Command,
];

const program = new Command("ops-console").description("One console for traces, runbooks and S3 migrations");
for (const command of COMMANDS) program.addCommand(command());
refuseWith(program, USAGE);

try {
  await program.parseAsync();
} catch (error) {
  // What we refuse on purpose is one line with its cure; anything else is a fault and shows where.
  if (!(error instanceof AppError)) console.error(error);
  else if (process.argv.includes("--json")) console.error(JSON.stringify({ code: error.code, detail: error.message }));
  else console.error(`ops-console: ${error.message}`);
  process.exit(exitCodeOf(error, process.argv[2]));
}

/** The parser ends the process by itself when an option or an argument is wrong: with the code for that. */
function refuseWith(command: Command, code: number): void {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : code));
  for (const one of command.commands) refuseWith(one, code);
}
