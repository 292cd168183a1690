import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { codeOf, messageOf } from "@/lib/errors";
import { withoutCredentials } from "@/lib/without-credentials";
import type { Env } from "@/server/config/env";
import { type Finding, fail, ok, warn } from "./finding";

const TIMEOUT_MS = 4000;

/** JAEGER_URL answers like Jaeger's query API: JSON, not the page of another program. */
export async function checkJaeger({ JAEGER_URL, JAEGER_HEADERS }: Env): Promise<Finding[]> {
  if (JAEGER_URL === undefined) return [ok("JAEGER_URL", "unset: the console receives and stores traces itself")];
  const place = new URL(JAEGER_URL).host;
  for (const api of ["/api/v3/services", "/api/services"]) {
    const answer = await ask(JAEGER_URL + api, { headers: JAEGER_HEADERS ?? {} });
    if (typeof answer === "string") {
      return [fail("JAEGER_URL", `${place} does not answer: ${answer}`, "Start Jaeger, or correct JAEGER_URL.")];
    }
    if (answer.status === 401 || answer.status === 403) {
      return [
        fail("JAEGER_URL", `${place} refuses us (${answer.status})`, "Set JAEGER_HEADERS, e.g. authorization=..."),
      ];
    }
    if (answer.ok && answer.headers.get("content-type")?.includes("json")) {
      return [ok("JAEGER_URL", `${place} answers ${api}`)];
    }
  }
  const cure =
    "JAEGER_URL is the address of Jaeger's query service, port 16686 by default, with its base path if it has one.";
  return [fail("JAEGER_URL", `${place} answers, but not as Jaeger's query API`, cure)];
}

/** Each source of RUNBOOKS: the directory exists, or git is there to fetch the repository. */
export async function checkRunbooks({ RUNBOOKS }: Env): Promise<Finding[]> {
  if (RUNBOOKS === undefined) return [ok("RUNBOOKS", "unset: the runbooks of this checkout")];
  const hasGit = spawnSync("git", ["--version"]).status === 0;
  return RUNBOOKS.map((source) => {
    if (source.startsWith("git+")) {
      return hasGit
        ? ok("RUNBOOKS", `${withoutCredentials(source)} is fetched with git`)
        : fail(
            "RUNBOOKS",
            `${withoutCredentials(source)} needs git, which is not installed`,
            "Install git, or name a directory.",
          );
    }
    const isDirectory = fs.statSync(source, { throwIfNoEntry: false })?.isDirectory() === true;
    return isDirectory
      ? ok("RUNBOOKS", `${path.resolve(source)} is a directory`)
      : fail("RUNBOOKS", `${source} is no directory`, "Correct the path; relative ones start at the checkout.");
  });
}

/** S3_ENDPOINT answers, and credentials are named somewhere the S3 client looks. Values are never shown. */
export async function checkS3(settings: Env): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (settings.S3_ENDPOINT !== undefined) {
    const answer = await ask(settings.S3_ENDPOINT, {});
    const place = new URL(settings.S3_ENDPOINT).host;
    findings.push(
      typeof answer === "string"
        ? fail("S3_ENDPOINT", `${place} does not answer: ${answer}`, "Start it, or correct S3_ENDPOINT.")
        : ok("S3_ENDPOINT", `${place} answers`),
    );
  }
  const credentials = credentialSource(settings);
  if (credentials !== undefined) findings.push(ok("S3 credentials", credentials));
  else {
    const cure = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, before you start an S3 migration.";
    findings.push(warn("S3 credentials", "none are named", cure));
  }
  return findings;
}

function credentialSource(settings: Env): string | undefined {
  if (settings.AWS_ACCESS_KEY_ID !== undefined && settings.AWS_SECRET_ACCESS_KEY !== undefined) {
    return "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set";
  }
  if (settings.AWS_PROFILE !== undefined) return `profile ${settings.AWS_PROFILE}`;
  return fs.existsSync(path.join(os.homedir(), ".aws/credentials")) ? "the default profile" : undefined;
}

/** OTEL_EXPORTER_OTLP_ENDPOINT takes spans: an empty export succeeds. */
export async function checkTelemetry(settings: Env): Promise<Finding[]> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS, JAEGER_URL, OTEL_SDK_DISABLED } = settings;
  const name = "OTEL_EXPORTER_OTLP_ENDPOINT";
  if (OTEL_SDK_DISABLED) return [ok(name, "OTEL_SDK_DISABLED: the console records no spans of its own")];
  if (endpoint === undefined) {
    const where = JAEGER_URL === undefined ? "its own spans go to its own collector" : "the console keeps no own spans";
    return [ok(name, `unset: ${where}`)];
  }
  const answer = await ask(`${endpoint}/v1/traces`, {
    method: "POST",
    headers: { ...OTEL_EXPORTER_OTLP_HEADERS, "content-type": "application/json" },
    body: '{"resourceSpans":[]}',
  });
  const cure = "Correct the address (OTLP over HTTP, without /v1/traces) or OTEL_EXPORTER_OTLP_HEADERS.";
  if (typeof answer === "string") return [warn(name, `${new URL(endpoint).host} does not answer: ${answer}`, cure)];
  return answer.ok
    ? [ok(name, `${new URL(endpoint).host} takes spans`)]
    : [warn(name, `${new URL(endpoint).host} refuses spans (${answer.status})`, cure)];
}

/** The answer, or the reason why there is none. */
async function ask(url: string, init: RequestInit): Promise<Response | string> {
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response;
  } catch (error) {
    return (error instanceof Error && codeOf(error.cause)) || messageOf(error);
  }
}
