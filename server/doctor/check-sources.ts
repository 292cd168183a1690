import { codeOf, messageOf } from "@/lib/errors";
import type { Env } from "@/server/config/env";
import { type Finding, fail, ok, warn } from "./finding";

const TIMEOUT_MS = 4000;
const JAEGER_LISTS = ["/api/v3/services", "/api/services"] as const;
const MAX_LIST_BYTES = 4_000_000;

/** JAEGER_URL answers like Jaeger's query API: JSON, not the page of another program. */
export async function checkJaeger({ JAEGER_URL, JAEGER_HEADERS }: Env): Promise<Finding[]> {
  if (JAEGER_URL === undefined) return [ok("JAEGER_URL", "unset: the console receives and stores traces itself")];
  const place = new URL(JAEGER_URL).host;
  for (const api of JAEGER_LISTS) {
    const answer = await ask(JAEGER_URL + api, { headers: JAEGER_HEADERS ?? {} }, MAX_LIST_BYTES);
    if (typeof answer === "string") {
      return [fail("JAEGER_URL", `${place} does not answer: ${answer}`, "Start Jaeger, or correct JAEGER_URL.")];
    }
    if (answer.status === 401 || answer.status === 403) {
      return [
        fail("JAEGER_URL", `${place} refuses us (${answer.status})`, "Set JAEGER_HEADERS, e.g. authorization=..."),
      ];
    }
    if (answer.ok && isJaegerList(api, answer.body)) {
      return [ok("JAEGER_URL", `${place} answers ${api}`)];
    }
  }
  const cure =
    "JAEGER_URL is the address of Jaeger's query service, port 16686 by default, with its base path if it has one.";
  return [fail("JAEGER_URL", `${place} answers, but not as Jaeger's query API`, cure)];
}

/** S3_ENDPOINT answers as S3 does, in XML, to a request that nobody signed; keys of AWS's variables come as a pair. */
export async function checkS3(settings: Env): Promise<Finding[]> {
  const { S3_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = settings;
  const findings = [await checkEndpoint(S3_ENDPOINT), ok("AWS_REGION", AWS_REGION)];
  if ((AWS_ACCESS_KEY_ID === undefined) === (AWS_SECRET_ACCESS_KEY === undefined)) return findings;
  const [there, missing] =
    AWS_ACCESS_KEY_ID === undefined
      ? ["AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID"]
      : ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
  const cure = `Set ${missing} too, or neither of them. Alone it is not used.`;
  return [...findings, fail(there, `is set without ${missing}`, cure)];
}

async function checkEndpoint(endpoint: string | undefined): Promise<Finding> {
  if (endpoint === undefined) return ok("S3_ENDPOINT", "unset: Amazon's own");
  const answer = await ask(endpoint, {});
  const place = new URL(endpoint).host;
  if (typeof answer === "string") {
    return fail("S3_ENDPOINT", `${place} does not answer: ${answer}`, "Start it, or correct S3_ENDPOINT.");
  }
  const isS3 = answer.headers.get("content-type")?.includes("xml") || answer.headers.has("x-amz-request-id");
  return isS3
    ? ok("S3_ENDPOINT", `${place} answers as S3`)
    : fail(
        "S3_ENDPOINT",
        `${place} answers, but not as S3`,
        "S3_ENDPOINT is the address of the S3 API, not of its pages.",
      );
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

/** Both of Jaeger's APIs list services, each in its own shape; other programs have a JSON of their own at these paths. */
function isJaegerList(api: (typeof JAEGER_LISTS)[number], body: string): boolean {
  try {
    const reply: unknown = JSON.parse(body);
    if (typeof reply !== "object" || reply === null) return false;
    // An empty list is left out of the newer API's answers.
    return api === "/api/services" ? "data" in reply : Object.keys(reply).every((name) => name === "services");
  } catch {
    return false;
  }
}

type Answer = Pick<Response, "ok" | "status" | "headers"> & { body: string };

/** The answer with up to `maxBytes` of its body, or the reason why there is none. */
async function ask(url: string, init: RequestInit, maxBytes = 0): Promise<Answer | string> {
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    if (maxBytes === 0) await response.body?.cancel();
    else {
      for await (const chunk of response.body ?? []) {
        chunks.push(chunk);
        sizeBytes += chunk.length;
        if (sizeBytes > maxBytes) break;
      }
    }
    const { ok: isOk, status, headers } = response;
    return { ok: isOk, status, headers, body: Buffer.concat(chunks).toString("utf8") };
  } catch (error) {
    return (error instanceof Error && codeOf(error.cause)) || messageOf(error);
  }
}
