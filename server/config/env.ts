import "server-only";
import net from "node:net";
import path from "node:path";
import { z } from "zod";
import { AppError } from "@/lib/errors";
import { loadDotEnv } from "./dot-env";

const wholeNumber = z.string().regex(/^\d+$/, "is no whole number").transform(Number);
const port = between(1, 65_535);
const httpUrl = z
  .url({ protocol: /^https?$/, error: "is no http:// or https:// address" })
  .transform((url) => url.replace(/\/+$/, ""));
const origin = httpUrl.refine((url) => new URL(url).origin === url, "is no origin: scheme, host and port alone");
/** `https://github.com/owner/repository`, as a browser shows it. */
const repositoryUrl = z
  .url({ protocol: /^https?$/, error: "is no address of a repository, like https://github.com/owner/repository" })
  .transform((url) => url.replace(/(\.git)?\/*$/, ""))
  .refine((url) => {
    const { username, password, search, hash, pathname } = new URL(url);
    return [username, password, search, hash].every((part) => part === "") && /^\/[\w.-]+\/[\w.-]+$/.test(pathname);
  }, "is no address of a repository, like https://github.com/owner/repository");

/** Names what is wanted: the reader sees these words beside the name of the setting. */
function between(least: number, most = Number.MAX_SAFE_INTEGER) {
  const wanted = most === Number.MAX_SAFE_INTEGER ? `less than ${least}` : `not between ${least} and ${most}`;
  const isIn = (value: number) => value >= least && value <= most;
  return wholeNumber.refine(isIn, `is ${wanted}`);
}

/** What HTTP takes as the name of a header. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** `a=b,c=d`, values percent-decoded, as OpenTelemetry defines `OTEL_EXPORTER_OTLP_HEADERS`. */
const headerList = z.string().transform((text, context) => {
  const headers: Record<string, string> = {};
  for (const pair of text.split(",").filter((part) => part.trim() !== "")) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, Math.max(0, at)).trim().toLowerCase();
    const value = percentDecoded(pair.slice(at + 1).trim());
    if (!HEADER_NAME.test(name) || value === undefined) {
      context.addIssue({ code: "custom", message: "is a comma-separated list of name=value, values percent-encoded" });
      return z.NEVER;
    }
    headers[name] = value;
  }
  return headers;
});

function percentDecoded(text: string): string | undefined {
  try {
    const value = decodeURIComponent(text);
    // A line break would end the header and begin another.
    return /[\0\r\n]/.test(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

const commaList = z.string().transform((text) =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean),
);

/** `name=postgres://…`, separated by commas: databases the worker may read, under names that pages and plans use. */
const databaseList = z.string().transform((text, context) => {
  const databases: Record<string, string> = {};
  for (const pair of text.split(/,(?=\s*[\w-]+=)/)) {
    const [, name, url] = /^\s*([\w-]{1,60})=(postgres(?:ql)?:\/\/\S+?)\s*$/.exec(pair) ?? [];
    if (name === undefined || url === undefined || !URL.canParse(url)) {
      context.addIssue({ code: "custom", message: "is a comma-separated list of name=postgres://… addresses" });
      return z.NEVER;
    }
    databases[name] = url;
  }
  return databases;
});

/** What a template of a link to logs may have in braces. */
const LOGS_PLACEHOLDERS = ["traceId", "spanId", "start", "end"];

/** An address with `{traceId}` and the like in it; something must name the trace or the span. */
const logsTemplate = z.string().transform((text, context) => {
  const names = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = ""]) => name);
  const unknown = names.find((name) => !LOGS_PLACEHOLDERS.includes(name));
  const filled = text.replaceAll(/\{[^{}]*\}/g, "0");
  const problem =
    unknown !== undefined
      ? `has {${unknown}}; known are {${LOGS_PLACEHOLDERS.join("}, {")}}`
      : !httpUrl.safeParse(filled).success
        ? "is no http or https address"
        : !names.some((name) => name === "traceId" || name === "spanId")
          ? "has neither {traceId} nor {spanId}"
          : undefined;
  if (problem === undefined) return text;
  context.addIssue({ code: "custom", message: problem });
  return z.NEVER;
});

/** Ways to sign in. */
const SIGN_IN_METHODS = ["password"] as const;
const ipRange = z.string().refine((text) => {
  const [address = "", bits, ...rest] = text.split("/");
  const family = net.isIP(address);
  return (
    family !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
  );
}, "is a comma-separated list of addresses or ranges, like 10.0.0.0/8");

const smtpUrl = z.url({ protocol: /^smtps?$/, error: "is no address like smtps://user:password@host:465" });
const emailAddress = z.email({ error: "is no e-mail address" });

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;

/** Everything the product reads from its environment. Names are a public contract (README, "Settings"). */
const envSchema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("production"),
  HOST: z.string().min(1).default("127.0.0.1"),
  PORT: port.default(3000),
  OPS_DATA_DIR: z.string().min(1).default(".data"),
  OTLP_PORT: port.default(4318),
  JAEGER_API_PORT: port.default(16_686),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "is no address like postgresql://user:password@host:5432/database" })
    .optional(),
  OPS_DATABASES: databaseList.optional(),
  JAEGER_URL: httpUrl.optional(),
  JAEGER_HEADERS: headerList.optional(),
  LOGS_URL: logsTemplate.optional(),
  RUNBOOKS: commaList.optional(),
  GITHUB_REPOSITORY_URL: repositoryUrl.optional(),
  /** Hosts that checks of runbooks may ask, as host or host:port. */
  OPS_CHECK_HOSTS: commaList
    .pipe(z.array(z.string().regex(/^[A-Za-z0-9.[\]:-]+$/, "is a list of hosts, like example.org or example.org:8080")))
    .optional(),
  OPS_CHECK_PRIVATE: z.stringbool({ error: "is neither true nor false" }).optional(),
  PROMETHEUS_URL: httpUrl.optional(),
  /** Where git and its ssh are found, and the agent that holds the keys for git+ssh sources of runbooks. */
  PATH: z.string().default("/usr/local/bin:/usr/bin:/bin"),
  SSH_AUTH_SOCK: z.string().optional(),
  S3_ENDPOINT: httpUrl.optional(),
  OPS_S3_PRICES: z.string().min(1).optional(),
  /** PEM file of the Ed25519 key that signs manifests of S3 migrations. */
  OPS_MANIFEST_KEY: z.string().min(1).optional(),
  /** Where alerts go, beside the console itself. */
  OPS_ALERT_WEBHOOKS: commaList
    .pipe(z.array(z.url({ protocol: /^https?$/, error: "is a list of http(s) addresses" })))
    .optional(),
  OPS_ALERT_WEBHOOK_SECRET: z.string().min(16, "is shorter than 16 characters").optional(),
  OPS_ALERT_ALLOW_LOOPBACK: z.stringbool({ error: "is neither true nor false" }).optional(),
  OPS_ALERT_EMAIL_TO: commaList.pipe(z.array(emailAddress)).optional(),
  OPS_ALERT_EMAIL_FROM: emailAddress.optional(),
  OPS_SMTP_URL: smtpUrl.optional(),
  AWS_REGION: z
    .string()
    .regex(/^[\w.-]+$/, "is no name of a region, like eu-west-1")
    .default("us-east-1"),
  AWS_PROFILE: z.string().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
  AWS_SESSION_TOKEN: z.string().optional(),
  /** How people sign in; without it only loopback is served, to whoever reaches it. */
  OPS_AUTH: commaList
    .pipe(z.array(z.enum(SIGN_IN_METHODS, { error: `is a list of ${SIGN_IN_METHODS.join(", ")}` })).min(1))
    .optional(),
  OPS_PUBLIC_ORIGIN: origin.optional(),
  OPS_TRUSTED_PROXIES: commaList.pipe(z.array(ipRange)).optional(),
  OPS_AUTH_SECRET: z.string().min(32, "is shorter than 32 characters").optional(),
  OPS_ALLOWED_ORIGINS: commaList.pipe(z.array(origin)).optional(),
  OPS_TRACE_RETENTION_HOURS: between(1, 8760).default(72),
  OPS_TRACE_RETENTION_BYTES: between(10_000_000).default(2_000_000_000),
  OPS_TRACE_MAX_BYTES: between(1_000_000, 2_000_000_000).default(256 * 1024 * 1024),
  OPS_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `is none of ${LOG_LEVELS.join(", ")}` }).default("info"),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_EXPORTER_OTLP_HEADERS: headerList.optional(),
  OTEL_SDK_DISABLED: z.stringbool({ error: "is neither true nor false" }).optional(),
  /** Set by the supervisor: names of the settings it found out by itself, which nobody set. */
  OPS_FOUND_SETTINGS: commaList.optional(),
  /** Set by the supervisor: how often it has restarted this process. */
  OPS_RESTARTS: wholeNumber.default(0),
  NEXT_DIST_DIR: z.string().min(1).default(".next"),
  /** Where the person stood who typed the command; paths on a command line are relative to it. */
  INIT_CWD: z.string().default(""),
});
export type Env = z.infer<typeof envSchema>;
export const SETTING_NAMES: readonly string[] = Object.keys(envSchema.shape);

/**
 * Parses an environment; refuses by name every value that is wrong, all at once. An empty value counts as unset, as
 * shells and compose files write it. `OPS_DATA_DIR` comes back absolute.
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ""));
  const result = envSchema.safeParse(given);
  if (result.success) return { ...result.data, OPS_DATA_DIR: path.resolve(result.data.OPS_DATA_DIR) };
  const problems = result.error.issues.map((issue) => ({ field: String(issue.path[0]), message: issue.message }));
  const lines = problems.map(({ field, message }) => `${field}: ${message}${shownValue(field, given[field])}`);
  throw new AppError("invalid_input", `The environment is not usable.\n  ${lines.join("\n  ")}`, { problems });
}

/** The wrong value, for the person to recognise; passwords and tokens stay out of terminals and logs. */
function shownValue(name: string, value = ""): string {
  if (SECRET_NAMES.includes(name) || name === "DATABASE_URL" || /_(HEADERS|SECRET)$|^AWS_.*(KEY|TOKEN)/.test(name))
    return "";
  return ` (is "${value.replace(/\/\/[^/]*@/g, "//")}")`;
}

/** AWS's variables that are, or name, no secret. */
const OPEN_AWS_NAMES = new Set(["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"]);
const SECRET_NAMES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "OPS_DATABASES",
  "OPS_ALERT_WEBHOOKS",
  "OPS_ALERT_WEBHOOK_SECRET",
  "OPS_SMTP_URL",
];

/** The environment a child process gets: ours, `.env` included, with `overrides` on top. */
export function childEnvironment(overrides: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...overrides };
}

/**
 * The same environment for a process that needs no credentials of stores and their databases. They are blank rather than absent: a child reads
 * `.env` again, and that fills in what is absent only.
 */
export function withoutAwsSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const names = Object.keys(environment).filter((name) => name.startsWith("AWS_") && !OPEN_AWS_NAMES.has(name));
  return { ...environment, ...Object.fromEntries([...SECRET_NAMES, ...names].map((name) => [name, ""])) };
}

let parsed: Env | undefined;

/** Settings a process found out by itself (the address of its own Postgres), for itself and its children. */
export function addSettings(settings: Record<string, string>): void {
  const found = new Set(env().OPS_FOUND_SETTINGS);
  for (const [name, value] of Object.entries(settings)) if (process.env[name] !== value) found.add(name);
  Object.assign(process.env, settings, { OPS_FOUND_SETTINGS: [...found].join(",") });
  parsed = undefined;
}

/** The process's settings, parsed on first use and never again. */
export function env(): Env {
  if (parsed === undefined) {
    loadDotEnv();
    parsed = parseEnv(process.env);
  }
  return parsed;
}
