import { AppError, messageOf } from "@/lib/errors";

/** An answer, `from` whom as the start of a sentence, whatever its status. `contentType` is lower case, without parameters. */
export type JaegerReply = { from: string; status: number; contentType: string; body: Buffer; latencyMs: number };

/** Whether an answer is JSON by its content: older Jaegers say text/plain over it, and HTML to what they do not know. */
export function isJson({ contentType, body }: JaegerReply): boolean {
  if (contentType === "text/html") return false;
  const first = body.subarray(0, 64).toString("latin1").trimStart()[0];
  return first === "{" || first === "[";
}

/** Refuses an answer that is not a good one, in the words the reader needs. Resolves `not_found` for 404 and JSON. */
export function assertGood(reply: JaegerReply, what: string): void {
  const { from, status } = reply;
  if (status >= 200 && status < 300) {
    if (isJson(reply)) return;
    throw new AppError("upstream_invalid", `${from} answered ${what} with ${describe(reply)} instead of JSON.`);
  }
  if (status >= 300 && status < 400) {
    throw new AppError(
      "upstream_invalid",
      `${from} answered ${what} with a redirect (${status}), which is not followed. Set JAEGER_URL to where it leads.`,
    );
  }
  if (status === 401 || status === 403) {
    throw new AppError(
      "upstream_refused",
      `${from} refuses the console (${status}). Set JAEGER_HEADERS to what it expects.`,
    );
  }
  if (status === 404 && isJson(reply)) throw new AppError("not_found", `${from} does not have ${what}.`);
  const refused = `refused ${what} with status ${status}`;
  throw new AppError("upstream_refused", status === 503 ? failureText(reply) : withReason(`${from} ${refused}`, reply));
}

/** What there is to say of an answer with a status of 500 and more, whatever was asked. */
export function failureText(reply: JaegerReply): string {
  const { from, status } = reply;
  return withReason(`${from} ${status === 503 ? "cannot answer now" : `answers with status ${status}`}`, reply);
}

function withReason(words: string, reply: JaegerReply): string {
  const reason = errorTextOf(reply);
  if (reason === "") return `${words}.`;
  return `${words}: ${reason}${/[.!?]$/.test(reason) ? "" : "."}`;
}

/** What Jaeger says went wrong, in either API's shape; "" when it says nothing readable. */
export function errorTextOf(reply: JaegerReply): string {
  const text = reply.body.subarray(0, 4000).toString("utf8");
  const message = /"(?:message|msg)"\s*:\s*"((?:[^"\\]|\\.)*)"/.exec(text)?.[1];
  if (message !== undefined) return unescaped(message);
  return isJson(reply) || reply.contentType === "text/html" ? "" : text.trim().slice(0, 200);
}

/** JSON of a good answer. */
export function parseReply(reply: JaegerReply, what: string): unknown {
  assertGood(reply, what);
  try {
    return JSON.parse(reply.body.toString("utf8"));
  } catch (cause) {
    throw new AppError("upstream_invalid", `${reply.from} answered ${what} with broken JSON: ${messageOf(cause)}`, {
      cause,
    });
  }
}

function unescaped(text: string): string {
  try {
    return String(JSON.parse(`"${text}"`)).slice(0, 300);
  } catch {
    // A broken escape: shown as it was sent.
    return text.slice(0, 300);
  }
}

function describe({ contentType, body }: JaegerReply): string {
  if (body.length === 0) return "nothing";
  return contentType === "" ? "something" : contentType.slice(0, 60);
}
