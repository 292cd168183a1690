import { AppError } from "@/lib/errors";
import { type Env, env } from "@/server/config/env";
import { checkDatabase } from "./check-database";
import { checkDataDir, checkNode, checkPorts } from "./check-machine";
import { checkJaeger, checkRunbooks, checkS3, checkTelemetry } from "./check-sources";
import { type Finding, fail } from "./finding";

const CHECKS: ((settings: Env) => Promise<Finding[]>)[] = [
  checkNode,
  checkDataDir,
  checkPorts,
  checkDatabase,
  checkJaeger,
  checkRunbooks,
  checkS3,
  checkTelemetry,
];

/** Checks every setting of this environment, in the order a start needs them. Changes nothing. */
export async function diagnose(): Promise<Finding[]> {
  const settings = readSettings();
  if (Array.isArray(settings)) return settings;
  return (await Promise.all(CHECKS.map((check) => check(settings)))).flat();
}

function readSettings(): Env | Finding[] {
  try {
    return env();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.problems.map(({ field, message }) =>
      fail(field, message, `Set ${field} to a usable value, or leave it unset (README, "Settings").`),
    );
  }
}
