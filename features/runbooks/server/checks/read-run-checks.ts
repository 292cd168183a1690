import { AppError } from "@/lib/errors";
import type { RunCheck } from "../../contract";
import { hasRun } from "../existence-repository";
import { listChecks } from "./check-repository";

/** The newest sample of each check of a run. @throws AppError not_found. */
export async function readRunChecks(runId: string): Promise<{ checks: RunCheck[] }> {
  const checks = await listChecks(runId);
  if (checks.length === 0 && !(await hasRun(runId))) throw new AppError("not_found", `There is no run ${runId}.`);
  return { checks: checks.map(({ record: _record, nextMs: _nextMs, ...check }) => check) };
}
