import { z } from "zod";
import { AppError, ERROR_CODES } from "@/lib/errors";
import { env } from "@/server/config/env";

const problemSchema = z.object({ code: z.enum(ERROR_CODES), detail: z.string() });

/** Where the console answers; the same settings as `ops-console start`. */
export function consoleUrl(): string {
  return `http://127.0.0.1:${env().PORT}`;
}

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
    throw new AppError(
      "unavailable",
      `No console answers at ${url}. Start it with "npm start", or set PORT to where it runs.`,
      { cause },
    );
  }
  if (response.ok) return response;
  const problem = problemSchema.safeParse(await response.json().catch(() => undefined));
  if (problem.success) throw new AppError(problem.data.code, problem.data.detail);
  throw new AppError("upstream_invalid", `The console answered with status ${response.status}.`);
}
