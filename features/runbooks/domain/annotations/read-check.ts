import type { Code } from "mdast";
import { parseDocument } from "yaml";
import * as z from "zod/mini";
import { parseDuration } from "../duration";
import { type Problem, problem } from "../problem";
import { findExpressionProblem } from "./expression";
import { CHECK_MODES, type CheckProbe, type LiveCheck } from "./step-rules";

const MAX_CHARS = 4000;
const SHORTEST_EVERY_MS = 5000;
/** They would carry a credential, or change whose answer it is. */
const FORBIDDEN_HEADERS =
  /^(?:authorization|cookie|proxy-.*|host|x-forwarded-.*|forwarded|content-length|transfer-encoding)$/i;

const words = z.string().check(z.trim(), z.minLength(1), z.maxLength(1000));
const duration = z
  .string({ error: "is a duration, as in 30s or 5m" })
  .check(z.refine((value) => parseDuration(value) !== undefined, { error: "is a duration, as in 30s or 5m" }));
const forDuration = z.union([duration, z.literal("0s"), z.literal(0)], { error: "is a duration, as in 30s or 5m" });
const tags = z.record(
  z.string().check(z.maxLength(200)),
  z.pipe(z.union([z.string(), z.number(), z.boolean()]), z.transform(String)),
);
const headers = z.record(z.string().check(z.regex(/^[A-Za-z0-9-]{1,60}$/)), z.string().check(z.maxLength(500))).check(
  z.refine((value) => !Object.keys(value).some((key) => FORBIDDEN_HEADERS.test(key)), {
    error: "may hold no credentials and no header that names a host: set them on the server",
  }),
);
const httpShape = z.strictObject({
  url: words,
  method: z._default(z.enum(["GET", "HEAD"], { error: "is GET or HEAD: a check changes nothing" }), "GET"),
  headers: z._default(headers, {}),
});

const probeSchemas = {
  prometheus: words,
  http: httpShape,
  migration: words,
  job: z.strictObject({ queue: words }),
  traces: z.strictObject({
    service: words,
    operation: z._default(z.string().check(z.maxLength(1000)), ""),
    tags: z._default(tags, {}),
    lookback: z._default(duration, "10m"),
  }),
  github: z.strictObject({ workflow: words, ref: words }),
} as const;
const PROBES = Object.keys(probeSchemas) as (keyof typeof probeSchemas)[];

const optionsSchema = z.strictObject({
  source: z._default(z.string().check(z.regex(/^[a-z0-9-]{1,60}$/)), ""),
  expect: words,
  every: z._default(duration, "30s"),
  for: z._default(forDuration, "0s"),
  timeout: z._default(duration, "30m"),
  mode: z._default(z.enum(CHECK_MODES, { error: `is one of ${CHECK_MODES.join(", ")}` }), "suggest"),
});

/** True for a fenced block that opens with ```` ```yaml check ````. */
export function isCheck({ lang, meta }: Code): boolean {
  return /^ya?ml$/i.test(lang ?? "") && /^check(?:\s|$)/.test(meta ?? "");
}

/** A check, or why it is none; a wrong one leaves its step to people. */
export function readCheck(node: Code): LiveCheck | Problem[] {
  const start = { line: node.position?.start.line ?? 1, column: node.position?.start.column ?? 1 };
  if (node.value.length > MAX_CHARS) return [problem("E301", start, `A check is at most ${MAX_CHARS} characters.`)];
  const document = parseDocument(node.value, {
    schema: "core",
    uniqueKeys: true,
    prettyErrors: false,
    stringKeys: true,
  });
  const placeAt = (offset: number) => {
    const before = node.value.slice(0, offset).split("\n");
    return { line: start.line + before.length, column: start.column + (before.at(-1)?.length ?? 0) };
  };
  const [yamlError] = document.errors;
  if (yamlError !== undefined) {
    return [problem("E301", placeAt(yamlError.pos[0]), `This check is not YAML: ${yamlError.message}`)];
  }
  const placeOfKey = (key: PropertyKey | undefined) =>
    placeAt(Math.max(0, node.value.search(new RegExp(`^\\s*${String(key ?? "")}\\s*:`, "m"))));
  try {
    return readFields(document.toJS({ maxAliasCount: 10 }), start.line, placeOfKey);
  } catch (error) {
    return [problem("E301", start, `This check is not usable: ${error instanceof Error ? error.message : error}`)];
  }
}

type PlaceOfKey = (key: PropertyKey | undefined) => { line: number; column: number };

function readFields(value: unknown, line: number, placeOfKey: PlaceOfKey): LiveCheck | Problem[] {
  const fields = z.record(z.string(), z.unknown()).safeParse(value);
  const named = fields.success ? PROBES.filter((name) => Object.hasOwn(fields.data, name)) : [];
  const [name] = named;
  if (!fields.success || name === undefined || named.length > 1) {
    return [problem("E301", placeOfKey(named[1]), `A check asks exactly one of ${PROBES.join(", ")}.`)];
  }
  const { [name]: given, ...rest } = fields.data;
  const asked = name === "http" && typeof given === "string" ? { url: given } : given;
  const probe = probeSchemas[name].safeParse(asked);
  if (!probe.success) return [told(placeOfKey(name), name, probe.error.issues[0])];
  const options = optionsSchema.safeParse(rest);
  if (!options.success) return [told(placeOfKey(options.error.issues[0]?.path[0]), "", options.error.issues[0])];
  const { expect, every, timeout, mode, source } = options.data;
  const expectProblem = findExpressionProblem("expectation", expect);
  if (expectProblem !== undefined) return [problem("E302", placeOfKey("expect"), `expect ${expectProblem}.`)];
  const everyMs = parseDuration(every) ?? 30_000;
  if (everyMs < SHORTEST_EVERY_MS) return [problem("E301", placeOfKey("every"), "every is 5s at least.")];
  return {
    line,
    probe: toProbe(name, probe.data),
    source,
    expect,
    everyMs,
    forMs: parseDuration(String(options.data.for)) ?? 0,
    timeoutMs: parseDuration(timeout) ?? 1_800_000,
    mode,
  };
}

function toProbe(kind: keyof typeof probeSchemas, data: unknown): CheckProbe {
  switch (kind) {
    case "prometheus":
      return { kind, query: String(data) };
    case "migration":
      return { kind, name: String(data) };
    case "http":
      return { kind, ...httpShape.parse(data) };
    case "job":
      return { kind, ...probeSchemas.job.parse(data) };
    case "github":
      return { kind, ...probeSchemas.github.parse(data) };
    case "traces": {
      const { lookback, ...rest } = probeSchemas.traces.parse(data);
      return { kind, ...rest, lookbackMs: parseDuration(lookback) ?? 600_000 };
    }
  }
}

function told(at: { line: number; column: number }, name: string, issue: z.core.$ZodIssue | undefined): Problem {
  if (issue?.code === "unrecognized_keys")
    return problem("E301", at, `${name === "" ? "A check" : name} has no ${issue.keys.join(", ")}.`);
  const field = [name, ...(issue?.path ?? [])].filter((part) => part !== "").join(".");
  const isMissing = issue?.code === "invalid_type" && issue.message.includes("undefined");
  if (field === "expect" || isMissing) return problem("E301", at, `${field} is needed, as in expect: status == 200`);
  return problem("E301", at, `${field} ${issue?.message ?? "is not valid"}.`);
}
