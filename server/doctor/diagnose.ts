import { AppError } from "@/lib/errors";
import { type Env, env } from "@/server/config/env";
import { checkDatabase, checkNamedDatabases } from "./check-database";
import { checkDataDir, checkNode, checkPorts } from "./check-machine";
import { checkNames } from "./check-names";
import { checkJaeger, checkS3, checkTelemetry } from "./check-sources";
import { checkValues } from "./check-values";
import { type Finding, fail } from "./finding";

export type Check = (settings: Env) => Promise<Finding[]>;

const CHECKS: Check[] = [
  checkNode,
  checkDataDir,
  checkPorts,
  checkDatabase,
  checkNamedDatabases,
  checkJaeger,
  checkS3,
  checkTelemetry,
  checkValues,
  checkNames,
];

/**
 * Checks every setting of this environment, in the order a start needs them, then what the features add. Changes
 * nothing.
 */
export async function diagnose(further: Check[]): Promise<Finding[]> {
  const settings = readSettings();
  if (Array.isArray(settings)) return settings;
  return (await Promise.all([...CHECKS, ...further].map((check) => check(settings)))).flat();
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
