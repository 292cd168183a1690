import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { parseEnv, withoutAwsSecrets } from "./env";

describe("parseEnv", () => {
  it("needs nothing: an empty environment gives the documented defaults", () => {
    expect(parseEnv({})).toMatchObject({ HOST: "127.0.0.1", PORT: 3000, OTLP_PORT: 4318, JAEGER_API_PORT: 16_686 });
  });

  it("refuses every wrong value by name, all at once", () => {
    const refusal = catchError(() =>
      parseEnv({ PORT: "eighty", JAEGER_URL: "jaeger:16686", DATABASE_URL: "mysql://x" }),
    );
    expect(refusal.problems.map((problem) => problem.field).sort()).toEqual(["DATABASE_URL", "JAEGER_URL", "PORT"]);
    expect(refusal.message).toContain('PORT: is no whole number (is "eighty")');
  });

  it("treats an empty value as unset, as shells and compose files write it", () => {
    const names = ["DATABASE_URL", "JAEGER_URL", "PORT", "HOST", "OPS_DATA_DIR", "AWS_REGION", "OPS_LOG_LEVEL"];
    const empty = Object.fromEntries(names.map((name) => [name, ""]));
    expect(parseEnv(empty)).toEqual(parseEnv({}));
  });

  it.each([
    ["a malformed escape in a header value", { OTEL_EXPORTER_OTLP_HEADERS: "api-key=%zz" }],
    ["a logs template with a word nobody knows", { LOGS_URL: "https://logs.example/?q={trace}" }],
    ["a logs template that names no span", { LOGS_URL: "https://logs.example/?from={start}" }],
    ["a logs template that runs something", { LOGS_URL: "javascript:alert({traceId})" }],
    ["a header name HTTP does not know", { JAEGER_HEADERS: "bad header=x" }],
    ["a line break smuggled into a header", { JAEGER_HEADERS: "a=b%0d%0ahost: evil" }],
    [
      "an origin with a path, which no request can have",
      { OPS_ALLOWED_ORIGINS: "https://ok.example,https://x.example/y" },
    ],
    ["a repository that is a page of one", { GITHUB_REPOSITORY_URL: "https://github.com/owner/repo/issues" }],
    ["a repository with a password", { GITHUB_REPOSITORY_URL: "https://me:secret@github.com/owner/repo" }],
    ["a port in another number system", { PORT: "0x1F40" }],
    // It once deleted traces after 16 hours.
    ["hours in another number system", { OPS_TRACE_RETENTION_HOURS: "0x10" }],
    ["hours as a power", { OPS_TRACE_RETENTION_HOURS: "1e2" }],
    ["a region that is two words", { AWS_REGION: "bad region" }],
  ])("refuses %s by the name of its setting", (_what, source) => {
    expect(catchError(() => parseEnv(source)).problems.map(({ field }) => field)).toEqual(Object.keys(source));
  });

  it.each([
    [{ DATABASE_URL: "mysql://x" }, /postgresql:\/\/user:password@host:5432\/database/],
    [{ JAEGER_URL: "jaeger:16686" }, /is no http:\/\/ or https:\/\/ address \(is "jaeger:16686"\)/],
    [{ OPS_TRACE_RETENTION_HOURS: "soon" }, /is no whole number/],
    [{ OPS_TRACE_RETENTION_HOURS: "9000" }, /is not between 1 and 8760/],
    [{ OPS_TRACE_RETENTION_BYTES: "5" }, /is less than 10000000/],
    [{ OPS_LOG_LEVEL: "loud" }, /is none of trace, debug, info, warn, error, silent/],
    [{ PORT: "99999" }, /is not between 1 and 65535/],
    [{ OTEL_SDK_DISABLED: "maybe" }, /is neither true nor false/],
  ])("says of %j in plain words what is wanted", (source, words) => {
    expect(catchError(() => parseEnv(source)).message).toMatch(words);
  });

  it("shows no password and no token of a value it refuses", () => {
    const { message } = catchError(() =>
      parseEnv({
        DATABASE_URL: "mysql://me:hunter2@db/ops",
        JAEGER_URL: "ftp://me:hunter2@jaeger",
        JAEGER_HEADERS: "Bearer hunter2",
      }),
    );
    expect(message).not.toContain("hunter2");
    expect(message).toContain('(is "ftp://jaeger")');
  });

  it("decodes header lists as OpenTelemetry defines them", () => {
    const { OTEL_EXPORTER_OTLP_HEADERS } = parseEnv({ OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b,X-Team=ops" });
    expect(OTEL_EXPORTER_OTLP_HEADERS).toEqual({ "api-key": "a b", "x-team": "ops" });
  });
});

describe("OPS_DATABASES", () => {
  it("gives databases names", () => {
    const url = "postgres://reader:s%2Cecret@db.example:5432/app?sslmode=require";
    expect(parseEnv({ OPS_DATABASES: `rails=${url}, old_app=postgresql://old/app` }).OPS_DATABASES).toEqual({
      rails: url,
      old_app: "postgresql://old/app",
    });
  });

  it("is refused by name and never shown", () => {
    const { message } = catchError(() => parseEnv({ OPS_DATABASES: "rails=mysql://u:hunter2@db/app" }));
    expect(message).toContain("OPS_DATABASES: is a comma-separated list of name=postgres://");
    expect(message).not.toContain("hunter2");
  });
});

describe("withoutAwsSecrets", () => {
  const KEYS = {
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "s",
    AWS_SESSION_TOKEN: "t",
    OPS_DATABASES: "rails=postgres://u:p@db/app",
    OPS_ALERT_WEBHOOKS: "https://hooks.example/secret",
    OPS_ALERT_WEBHOOK_SECRET: "sixteen characters",
    OPS_SMTP_URL: "smtp://u:p@mail",
  };

  it("blanks every key and token, so that a child's own reading of .env does not bring them back", () => {
    const blank = Object.fromEntries(Object.keys(KEYS).map((name) => [name, ""]));
    expect(withoutAwsSecrets({ NODE_ENV: "test", ...KEYS, AWS_CONTAINER_AUTHORIZATION_TOKEN: "c" })).toEqual({
      NODE_ENV: "test",
      ...blank,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: "",
    });
    expect(withoutAwsSecrets({ NODE_ENV: "test" })).toMatchObject(blank);
  });

  it("leaves what names no secret, and everything that is not AWS's", () => {
    const open = { NODE_ENV: "test", AWS_REGION: "eu-west-1", AWS_PROFILE: "ops", S3_ENDPOINT: "http://s3" } as const;
    expect(withoutAwsSecrets({ ...open, ...KEYS })).toMatchObject(open);
  });
});

function catchError(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
