import { withoutCredentials } from "@/lib/without-credentials";
import { type Env, env, parseEnv } from "@/server/config/env";
import type { Setting, SettingGroup } from "../contract";

type Named = {
  name: keyof Env;
  meaning: string;
  isSecret?: boolean;
  /** Its value never reaches this process (`withoutAwsSecrets`). */
  isOfWorker?: boolean;
  /** What an unset one stands for, where the schema of the environment leaves that open. */
  preset?: string;
};

const GROUPS: { title: string; names: Named[] }[] = [
  {
    title: "Addresses",
    names: [
      { name: "HOST", meaning: "Address the pages listen on. Others than loopback need OPS_AUTH." },
      { name: "PORT", meaning: "Port of the pages and the API." },
      { name: "OTLP_PORT", meaning: "Port for OpenTelemetry over HTTP." },
      { name: "JAEGER_API_PORT", meaning: "Port of the Jaeger query API the collector serves." },
      { name: "OPS_ALLOWED_ORIGINS", meaning: "Further origins this console answers under, comma-separated." },
    ],
  },
  {
    title: "Sign-in",
    names: [
      { name: "OPS_AUTH", meaning: "How people sign in: password. Without it only this machine is served." },
      { name: "OPS_PUBLIC_ORIGIN", meaning: "The https:// address people open." },
      { name: "OPS_TRUSTED_PROXIES", meaning: "Addresses of the proxies in front, comma-separated." },
      { name: "OPS_AUTH_SECRET", meaning: "Signs cookies. Made on first use when not set.", isSecret: true },
    ],
  },
  {
    title: "Data",
    names: [
      { name: "OPS_DATA_DIR", meaning: "Directory of the built-in Postgres, logs and caches." },
      { name: "DATABASE_URL", meaning: "Postgres to use instead of the built-in one.", isSecret: true },
      { name: "OPS_TRACE_RETENTION_HOURS", meaning: "Hours the built-in collector keeps spans." },
      { name: "OPS_TRACE_RETENTION_BYTES", meaning: "Bytes the built-in collector keeps at most." },
      { name: "OPS_TRACE_MAX_BYTES", meaning: "A trace larger than this as JSON is not opened." },
    ],
  },
  {
    title: "Traces",
    names: [
      { name: "JAEGER_URL", meaning: "A Jaeger to read from. The built-in collector when not set." },
      { name: "JAEGER_HEADERS", meaning: "Headers sent to it, name=value, comma-separated.", isSecret: true },
      {
        name: "LOGS_URL",
        meaning: "Where the logs of a span are: an address with {traceId}, {spanId}, {start}, {end}.",
      },
      { name: "OTEL_EXPORTER_OTLP_ENDPOINT", meaning: "Where the console's own spans go." },
      { name: "OTEL_EXPORTER_OTLP_HEADERS", meaning: "Headers sent with them.", isSecret: true },
      { name: "OTEL_SDK_DISABLED", meaning: "Set to true to send no spans of the console itself." },
    ],
  },
  {
    title: "Runbooks and S3",
    names: [
      { name: "GITHUB_REPOSITORY_URL", meaning: "Repository where Draft issue opens and releases are compared." },
      { name: "RUNBOOKS", meaning: "Directories or git+URL#ref:glob, comma-separated.", preset: "runbooks" },
      { name: "OPS_CHECK_HOSTS", meaning: "Hosts that checks of runbooks may ask, comma-separated." },
      { name: "OPS_CHECK_PRIVATE", meaning: "Set to true to let checks ask private addresses and this machine." },
      { name: "PROMETHEUS_URL", meaning: "A Prometheus that checks of runbooks may ask." },
      { name: "S3_ENDPOINT", meaning: "An S3-compatible service; Amazon's when not set." },
      { name: "AWS_REGION", meaning: "Region of the buckets." },
      {
        name: "AWS_PROFILE",
        meaning: "Named credentials the worker uses. Keys in AWS's variables reach only the worker.",
      },
      { name: "OPS_DATABASES", meaning: "Databases the worker may read for S3 migrations, by name.", isOfWorker: true },
      {
        name: "OPS_MANIFEST_KEY",
        meaning: "PEM file of the key that signs manifests. Made on first use when not set.",
      },
      {
        name: "OPS_S3_PRICES",
        meaning: "File with what you pay for requests and storage.",
        preset: "config/s3-prices.json",
      },
    ],
  },
  {
    title: "Alerts",
    names: [
      { name: "OPS_ALERT_WEBHOOKS", meaning: "Addresses alerts are sent to, comma-separated.", isOfWorker: true },
      { name: "OPS_ALERT_WEBHOOK_SECRET", meaning: "Signs what is sent to them.", isOfWorker: true },
      { name: "OPS_ALERT_ALLOW_LOOPBACK", meaning: "Set to true to let alerts go to this machine." },
      { name: "OPS_ALERT_EMAIL_TO", meaning: "Who gets alerts by e-mail, comma-separated." },
      { name: "OPS_ALERT_EMAIL_FROM", meaning: "Whom they come from." },
      { name: "OPS_SMTP_URL", meaning: "The mail server: smtps://user:password@host:465.", isOfWorker: true },
    ],
  },
  { title: "Logs", names: [{ name: "OPS_LOG_LEVEL", meaning: "trace, debug, info, warn, error or silent." }] },
];

/** The settings this process runs with, by group. No secret leaves the process: of those only whether they are set. */
export function readSettings(): SettingGroup[] {
  const effective = env();
  const defaults = parseEnv({});
  return GROUPS.map(({ title, names }) => ({
    title,
    settings: names.map((named) => {
      const setting = toSetting(named, effective[named.name], defaults[named.name]);
      return effective.OPS_FOUND_SETTINGS?.includes(named.name) ? { ...setting, origin: "own" } : setting;
    }),
  }));
}

function toSetting(named: Named, value: unknown, fallback: unknown): Setting {
  const { name, meaning, isSecret = false, isOfWorker = false, preset } = named;
  if (isOfWorker) return { name, meaning, value: null, origin: "worker only" };
  if (value === undefined && preset !== undefined) return { name, meaning, value: preset, origin: "default" };
  if (value === undefined) return { name, meaning, value: null, origin: "not set" };
  const origin = String(value) === String(fallback) ? "default" : "set";
  return { name, meaning, value: isSecret ? null : toText(value), origin };
}

function toText(value: unknown): string {
  return (Array.isArray(value) ? value : [value]).map((item) => withoutCredentials(String(item))).join(", ");
}
