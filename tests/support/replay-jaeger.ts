import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

const FIXTURES = path.join(import.meta.dirname, "../fixtures/jaeger");

/** Versions whose answers were recorded. */
export const RECORDED_VERSIONS = fs.readdirSync(FIXTURES).sort();

/** The big trace of the recordings: 300 spans of six services. */
export const RECORDED_TRACE_ID = "70d7020b29805a3938401b0cb4424580";

export type LoopbackServer = { url: string; close: () => Promise<void> };

/** A server on loopback that ends its connections when closed. */
export async function listenOnLoopback(handle: http.RequestListener): Promise<LoopbackServer> {
  const server = http.createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers as the recorded Jaeger did: same status, content type and bytes. Choose by path and by what is asked. */
export function replayJaeger(version: string, { basePath = "" } = {}): Promise<LoopbackServer> {
  return listenOnLoopback((request, response) => {
    const url = new URL(request.url ?? "/", "http://jaeger");
    const isInside = url.pathname.startsWith(`${basePath}/api/`);
    const name = isInside ? recordingOf(url.pathname.slice(basePath.length), url.searchParams) : "unknown-api";
    const { status, contentType, body } = readRecording(version, name);
    response.writeHead(status, { "content-type": contentType, connection: "close" }).end(body);
  });
}

/** One recorded answer. */
export function readRecording(version: string, name: string) {
  const [, statusLine = "", typeLine = ""] = fs
    .readFileSync(path.join(FIXTURES, version, `${name}.http`), "utf8")
    .split(/\r?\n/);
  return {
    status: Number(statusLine.split(" ")[1]),
    contentType: typeLine.replace(/^content-type:\s*/i, ""),
    body: fs.readFileSync(path.join(FIXTURES, version, `${name}.body`)),
  };
}

function recordingOf(pathname: string, params: URLSearchParams): string {
  const exact: Record<string, string> = {
    "/api/v3/services": "v3-services",
    "/api/v3/operations": "v3-operations",
    "/api/services": "legacy-services",
    "/api/services/circuitverse-web/operations": "legacy-service-operations",
    "/api/dependencies": "dependencies",
  };
  if (exact[pathname] !== undefined) return exact[pathname];
  if (pathname === "/api/v3/trace-summaries") return summariesOf(params);
  if (pathname === "/api/traces") return legacySearchOf(params);
  if (pathname.startsWith("/api/v3/traces/")) {
    return pathname.endsWith(RECORDED_TRACE_ID) ? "v3-trace" : "v3-trace-missing";
  }
  if (pathname.startsWith("/api/traces/")) {
    return pathname.endsWith(RECORDED_TRACE_ID) ? "legacy-trace" : "legacy-trace-missing";
  }
  return "unknown-api";
}

function summariesOf(params: URLSearchParams): string {
  if (!params.has("query.startTimeMin")) return "v3-summaries-no-time";
  if (params.get("query.serviceName") === "nobody") return "v3-summaries-empty";
  if (params.has("query.attributes")) return "v3-summaries-error-attr";
  if (params.has("query.durationMin")) return "v3-summaries-duration";
  return params.has("query.serviceName") ? "v3-summaries" : "v3-summaries-all";
}

function legacySearchOf(params: URLSearchParams): string {
  if (params.has("tags")) return "legacy-search-tags";
  return params.has("minDuration") ? "legacy-search-minduration" : "legacy-search";
}
