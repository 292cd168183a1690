import { Command } from "commander";
import { verifyAuditChain } from "@/server/audit/audit-chain-repository";
import { closeConnections } from "@/server/processes/console-process-repository";
import { useOwnDatabase } from "@/server/supervisor/own-database";

/** `ops-console audit …`: the record of who did what, read past the console. */
export function auditCommand(): Command {
  return new Command("audit").description("the record of who did what").addCommand(verifyCommand());
}

function verifyCommand(): Command {
  return new Command("verify")
    .description("follow its chain of hashes: 0 when it is whole, 1 when a row is not what was written")
    .option("--json", "print what was found as JSON")
    .action(async ({ json }: { json?: boolean }) => {
      useOwnDatabase();
      const chain = await verifyAuditChain();
      await closeConnections();
      const rows = `${chain.rows.toLocaleString("en")} ${chain.rows === 1 ? "row" : "rows"}`;
      if (json === true) console.log(JSON.stringify(chain));
      else if (chain.broken === undefined) console.log(`The audit is whole: ${rows}, head ${chain.head}`);
      else console.log(`Row ${chain.broken.id} is broken: ${chain.broken.reason}. The ${rows} before it are whole.`);
      if (chain.broken !== undefined) process.exitCode = 1;
    });
}
