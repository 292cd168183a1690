import { withoutCredentials } from "@/lib/without-credentials";
import type { Env } from "@/server/config/env";
import { type Finding, ok } from "./finding";

/** Settings that are right once they are parsed; shown so that the reader sees what counts. */
export async function checkValues(settings: Env): Promise<Finding[]> {
  const { OPS_TRACE_RETENTION_HOURS: hours, OPS_TRACE_RETENTION_BYTES: bytes, JAEGER_URL } = settings;
  const isElsewhere = JAEGER_URL !== undefined;
  const kept = (value: string) => (isElsewhere ? `${value}, not used: traces live in the Jaeger of JAEGER_URL` : value);
  return [
    ok("OPS_TRACE_RETENTION_HOURS", kept(`${hours} h`)),
    ok("OPS_TRACE_RETENTION_BYTES", kept(inMegabytes(bytes))),
    ok("OPS_TRACE_MAX_BYTES", inMegabytes(settings.OPS_TRACE_MAX_BYTES)),
    ok(
      "LOGS_URL",
      settings.LOGS_URL === undefined ? "unset: spans have no link to logs" : withoutCredentials(settings.LOGS_URL),
    ),
    ok("GITHUB_REPOSITORY_URL", settings.GITHUB_REPOSITORY_URL ?? "unset: no draft issues, no comparison of releases"),
    ok("OPS_ALLOWED_ORIGINS", settings.OPS_ALLOWED_ORIGINS?.join(", ") ?? "unset: only the console's own address"),
    ok("OPS_LOG_LEVEL", settings.OPS_LOG_LEVEL),
    ok(
      "OTEL_SDK_DISABLED",
      settings.OTEL_SDK_DISABLED ? "true: no spans of its own" : "the console records its own requests as spans",
    ),
  ];
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
