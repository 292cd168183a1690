import { Command } from "commander";
import { diagnose } from "@/server/doctor/diagnose";
import type { Finding } from "@/server/doctor/finding";

/** `ops-console doctor`: checks each setting and says what to do; fails when the console could not work. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check every setting of this environment and say what to do")
    .option("--json", "print the findings for machines")
    .action(async ({ json }: { json?: true }) => {
      const findings = await diagnose();
      console.log(json ? JSON.stringify({ findings }, undefined, 2) : findings.map(toLine).join("\n"));
      process.exit(findings.some(({ status }) => status === "fail") ? 1 : 0);
    });
}

function toLine({ name, status, message, cure }: Finding): string {
  const advice = cure === undefined || message.includes(cure) ? "" : `\n       ${cure}`;
  return `${status.padEnd(4)}   ${name}: ${message}${advice}`;
}
