import { z } from "zod";
import { AppError, ERROR_CODES } from "@/lib/errors";
import { consoleUrl } from "@/server/config/address";

const problemSchema = z.object({ code: z.enum(ERROR_CODES), detail: z.string() });

/** Longer than the console gives anything it asks itself. */
const CALL_TIMEOUT_MS = 60_000;

/** Calls the running console. A refusal is thrown with its own sentence; a silent console with what to do about it. */
export async function callConsole<S extends z.core.$ZodType>(
  path: string,
  schema: S,
  json?: unknown,
): Promise<z.output<S>> {
  const response = await openConsole(path, {
    method: json === undefined ? "GET" : "POST",
    headers: json === undefined ? {} : { "content-type": "application/json" },
    body: json === undefined ? null : JSON.stringify(json),
    signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
  });
  return z.parse(schema, await response.json());
}

/** Opens an answer to read as a stream; throws as {@link callConsole} does. */
export async function openConsole(path: string, init: RequestInit): Promise<Response> {
  const url = consoleUrl();
  let response: Response;
  try {
    response = await fetch(url + path, init);
  } catch (cause) {
    if (init.signal?.aborted) throw silent(url, cause);
    throw new AppError(
      "unavailable",
      `No console answers at ${url}. Start it with "npm start", or set PORT to where it runs.`,
      { cause },
    );
  }
  if (response.ok) return response;
  // An answer that is no JSON is no problem of ours to read: its status is told below.
  const problem = problemSchema.safeParse(await response.json().catch(() => undefined));
  if (problem.success) throw new AppError(problem.data.code, problem.data.detail);
  throw new AppError("upstream_invalid", `The console answered with status ${response.status}.`);
}

/** A console that was reached and says nothing. */
export function silent(url: string, cause: unknown): AppError {
  return new AppError(
    "unavailable",
    `The console at ${url} does not answer. Look at its overview, or start it again.`,
    {
      cause,
    },
  );
}
