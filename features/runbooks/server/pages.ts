import { AppError } from "@/lib/errors";
import { type RunbookDetail, type RunDetail, runParamsSchema } from "../contract";
import { getRunbook } from "./runbook-catalogue";
import { listIdsByPath } from "./runbook-repository";
import { getRun } from "./runs";

/** A runbook by the parts of its page's path, as the browser wrote them; `undefined` when there is none. */
export async function findRunbook(parts: readonly string[]): Promise<RunbookDetail | undefined> {
  return orUndefined(() => getRunbook(parts.map(decodePart).join("/")));
}

/** A run by the id in its page's path, with the runbooks its links lead to; `undefined` when there is none. */
export async function findRun(id: string): Promise<{ run: RunDetail; idByPath: Record<string, string> } | undefined> {
  const params = runParamsSchema.safeParse({ id });
  if (!params.success) return undefined;
  return orUndefined(async () => {
    const run = await getRun(params.data.id);
    return { run, idByPath: await listIdsByPath(run.source) };
  });
}

async function orUndefined<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not percent-encoded at all: it may be the name itself.
    return part;
  }
}
