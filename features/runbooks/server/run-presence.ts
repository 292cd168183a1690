import type { z } from "zod";
import { AppError } from "@/lib/errors";
import type { Viewer } from "@/server/auth/permissions";
import type { RunPeople, runPresenceSchema } from "../contract";
import { savePresence } from "./run-presence-repository";

/** Says that a viewer has a run open and hears who else has. @throws AppError not_found. */
export async function noteRunPresence(
  runId: string,
  { stepId }: z.output<typeof runPresenceSchema>,
  viewer: Viewer,
): Promise<RunPeople> {
  const people = await savePresence(runId, { person: viewer.name, stepId: stepId ?? null });
  if (people === undefined) throw new AppError("not_found", `There is no run ${runId}.`);
  return { people };
}
