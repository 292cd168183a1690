import * as z from "zod/mini";
import type { InputProblem } from "./errors";

const problemSchema = z.object({
  code: z.string(),
  detail: z.string(),
  title: z.optional(z.string()),
  field: z.optional(z.string()),
  problems: z.optional(z.array(z.object({ field: z.string(), message: z.string() }))),
  traceId: z.optional(z.string()),
});

type ApiProblemInit = {
  status: number;
  code: string;
  detail: string;
  field?: string | undefined;
  problems?: InputProblem[] | undefined;
  traceId?: string | undefined;
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
};

/**
 * A refusal of our own API, or the lack of an answer. `status` is 0 when the console could not be reached
 * (`unreachable`); `code` is one of `ERROR_CODES`, `unreachable` or `unreadable_reply`; `detail` is a sentence to show.
 */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly field: string | undefined;
  readonly problems: InputProblem[];
  readonly traceId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(init: ApiProblemInit) {
    super(init.detail, init.cause === undefined ? undefined : { cause: init.cause });
    this.name = "ApiProblem";
    this.status = init.status;
    this.code = init.code;
    this.detail = init.detail;
    this.field = init.field;
    this.problems = init.problems ?? [];
    this.traceId = init.traceId;
    this.retryAfterSeconds = init.retryAfterSeconds;
  }
}

/** Whether what failed is what the console asks (Jaeger, S3, git), so that all that does not need it still works. */
export function isUpstreamProblem(problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.code.startsWith("upstream_");
}

type ApiInit<S extends z.core.$ZodType> = Omit<RequestInit, "body"> & {
  /** What the reply must be; anything else is an `unreadable_reply`. */
  schema: S;
  /** Sent as a JSON body; makes the request a POST unless `method` says otherwise. */
  json?: unknown;
  /** Sent as it is: a file, a form. */
  body?: BodyInit;
  /** Statuses beside 2xx whose body is a reply, not a refusal. */
  readAlso?: readonly number[];
};

/** Calls our own API. Resolves to the parsed reply, rejects with an {@link ApiProblem} (or the abort of `signal`). */
export async function apiFetch<S extends z.core.$ZodType>(
  path: string,
  { schema, json, readAlso = [], ...init }: ApiInit<S>,
): Promise<z.output<S>> {
  const response = await send(path, json === undefined ? init : withJson(init, json));
  if (!response.ok && !readAlso.includes(response.status)) throw await toApiProblem(response);
  const reply = z.safeParse(schema, response.status === 204 ? undefined : await readReply(response));
  if (reply.success) return reply.data;
  throw new ApiProblem({
    status: response.status,
    code: "unreadable_reply",
    detail: "The console answered something this page does not understand. Reload the page.",
    cause: reply.error,
  });
}

function withJson(init: RequestInit, json: unknown): RequestInit {
  const headers = new Headers(init.headers);
  headers.set("content-type", "application/json");
  return { method: "POST", ...init, headers, body: JSON.stringify(json) };
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem({
      status: 0,
      code: "unreachable",
      detail: "The console does not answer. It may be stopped or restarting.",
      cause,
    });
  }
}

async function readReply(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** The refusal a response that is not ok stands for; for those who read a body by themselves. */
export async function toApiProblem(response: Response): Promise<ApiProblem> {
  const { status } = response;
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : undefined;
  const parsed = problemSchema.safeParse(await readReply(response));
  if (parsed.success) return new ApiProblem({ status, retryAfterSeconds, ...parsed.data });
  return new ApiProblem({
    status,
    code: status === 404 ? "not_found" : "internal",
    detail: status === 404 ? "This does not exist (any more)." : `The console answered with status ${status}.`,
    retryAfterSeconds,
  });
}
