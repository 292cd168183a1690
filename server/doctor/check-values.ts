import { withoutCredentials } from "@/lib/without-credentials";
import type { Env } from "@/server/config/env";
import { type Finding, ok, warn } from "./finding";

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
    ...checkSignIn(settings),
    ok("OPS_LOG_LEVEL", settings.OPS_LOG_LEVEL),
    ok(
      "OTEL_SDK_DISABLED",
      settings.OTEL_SDK_DISABLED ? "true: no spans of its own" : "the console records its own requests as spans",
    ),
  ];
}

function checkSignIn({ OPS_AUTH, OPS_PUBLIC_ORIGIN, OPS_TRUSTED_PROXIES, OPS_AUTH_SECRET }: Env): Finding[] {
  if (OPS_AUTH === undefined) {
    const unused = [
      ...(OPS_PUBLIC_ORIGIN === undefined ? [] : ["OPS_PUBLIC_ORIGIN"]),
      ...(OPS_TRUSTED_PROXIES === undefined ? [] : ["OPS_TRUSTED_PROXIES"]),
      ...(OPS_AUTH_SECRET === undefined ? [] : ["OPS_AUTH_SECRET"]),
    ];
    const cure = "Set OPS_AUTH=password (docs/sign-in.md), or leave it unset.";
    return [
      ok("OPS_AUTH", "unset: no sign-in, this machine alone"),
      ...unused.map((name) => warn(name, "is not used without OPS_AUTH", cure)),
    ];
  }
  const isPlain = OPS_PUBLIC_ORIGIN?.startsWith("http://") === true;
  return [
    ok("OPS_AUTH", OPS_AUTH.join(", ")),
    isPlain
      ? warn(
          "OPS_PUBLIC_ORIGIN",
          `${OPS_PUBLIC_ORIGIN} is not encrypted`,
          "Serve https:// by a proxy (docs/sign-in.md).",
        )
      : ok("OPS_PUBLIC_ORIGIN", OPS_PUBLIC_ORIGIN ?? "unset: people sign in on this machine alone"),
    ok("OPS_TRUSTED_PROXIES", OPS_TRUSTED_PROXIES?.join(", ") ?? "unset: requests through a proxy are refused"),
    ok("OPS_AUTH_SECRET", OPS_AUTH_SECRET === undefined ? "unset: made in OPS_DATA_DIR on first use" : "set"),
  ];
}

const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString("en")} MB`;
