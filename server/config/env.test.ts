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
    expect(refusal.message).toContain('PORT: Invalid input: expected number, received NaN (is "eighty")');
  });

  it("treats an empty value as unset, as shells and compose files write it", () => {
    expect(parseEnv({ DATABASE_URL: "", JAEGER_URL: "" })).toMatchObject({
      DATABASE_URL: undefined,
      JAEGER_URL: undefined,
    });
  });

  it("decodes header lists as OpenTelemetry defines them", () => {
    const { OTEL_EXPORTER_OTLP_HEADERS } = parseEnv({ OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b,X-Team=ops" });
    expect(OTEL_EXPORTER_OTLP_HEADERS).toEqual({ "api-key": "a b", "x-team": "ops" });
  });
});

describe("withoutAwsSecrets", () => {
  const KEYS = { AWS_ACCESS_KEY_ID: "AKIA", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" };

  it("blanks every key and token, so that a child's own reading of .env does not bring them back", () => {
    const blank = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "", AWS_SESSION_TOKEN: "" };
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
