import { Command } from "commander";
import { type Check, diagnose } from "@/server/doctor/diagnose";
import { type Finding, fail, ok, warn } from "@/server/doctor/finding";
import { checkSettingFiles } from "../check-setting-files";

/** `ops-console doctor`: checks each setting and says what to do; fails when the console could not work. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("check every setting of this environment and say what to do")
    .option("--json", "print the findings for machines")
    .action(async ({ json }: { json?: true }) => {
      const findings = await diagnose([checkRunbooks, checkS3Credentials, checkAlerts, checkSettingFiles]);
      console.log(json ? JSON.stringify({ findings }, undefined, 2) : findings.map(toLine).join("\n"));
      process.exit(findings.some(({ status }) => status === "fail") ? 1 : 0);
    });
}

/** Each source of RUNBOOKS can be read. Loaded here, so that the other commands stay light. */
const checkRunbooks: Check = async ({ RUNBOOKS }) => {
  if (RUNBOOKS === undefined) return [ok("RUNBOOKS", "unset: the runbooks of this checkout")];
  const { tryRunbookSource } = await import("@/features/runbooks/server/index");
  const cure = "Correct it: a directory (relative ones start at the checkout) or git+URL#branch:glob.";
  return Promise.all(
    RUNBOOKS.map(async (entry) => {
      const { isReadable, sentence } = await tryRunbookSource(entry);
      return isReadable ? ok("RUNBOOKS", sentence) : fail("RUNBOOKS", sentence, cure);
    }),
  );
};

/** S3 credentials are where the worker looks. Their values are never shown. */
const checkS3Credentials: Check = async ({ AWS_PROFILE }) => {
  const { tryS3Credentials } = await import("@/features/s3-migrations/server/index");
  const { isFound, where } = await tryS3Credentials();
  if (isFound) return [ok("S3 credentials", `found in ${where}`)];
  if (AWS_PROFILE !== undefined) {
    const cure = "Correct AWS_PROFILE, or AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE if they are set.";
    return [fail("AWS_PROFILE", `no credentials in ${where}`, cure)];
  }
  const cure = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, before you start an S3 migration.";
  return [warn("S3 credentials", `none in ${where}`, cure)];
};

/** Loaded here, so that the other commands stay light. */
const checkAlerts: Check = async (settings) => (await import("@/server/alerts/check-alerts")).checkAlerts(settings);

function toLine({ name, status, message, cure }: Finding): string {
  const advice = cure === undefined || message.includes(cure) ? "" : `\n       ${cure}`;
  return `${status.padEnd(4)}   ${name}: ${message}${advice}`;
}
