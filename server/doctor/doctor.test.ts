import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseEnv } from "@/server/config/env";
import { checkNamedDatabases } from "./check-database";
import { checkDataDir, checkPorts } from "./check-machine";
import { unknownSettings } from "./check-names";
import { checkJaeger, checkS3 } from "./check-sources";
import { checkValues } from "./check-values";
import type { Finding } from "./finding";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

const JSON_TYPE = "application/json";
/** What the console's own pages answer to /api/services. */
const CONSOLE = '{"services":["web"],"unheard":null}';

async function serve(contentType: string, body = "{}", statusOfPath: (path: string) => number = () => 200) {
  const server = http.createServer((request, response) =>
    response.writeHead(statusOfPath(request.url ?? ""), { "content-type": contentType }).end(body),
  );
  cleanups.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function dataDir(holderUrl?: string): string {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "ops-doctor-"));
  cleanups.push(() => fs.rmSync(dir, { recursive: true }));
  // A holder on another machine counts as alive while its lock is fresh.
  const lock = { pid: 7, start: "1", host: "another-machine", url: holderUrl };
  if (holderUrl !== undefined) fs.writeFileSync(path.join(dir, "console.lock"), JSON.stringify(lock));
  return dir;
}

const statusOf = (findings: Finding[], name: string) => findings.find((finding) => finding.name === name)?.status;

describe("checkPorts", () => {
  it("takes a console on the port for ours only when it has our data directory", async () => {
    const url = await serve("application/json");
    const { port } = new URL(url);
    const ours = parseEnv({ PORT: port, OPS_DATA_DIR: dataDir(url) });
    expect((await checkPorts(ours)).map(({ name, status }) => [name, status])).toEqual([
      ["HOST", "ok"],
      ["PORT", "ok"],
    ]);
    const other = await checkPorts(parseEnv({ PORT: port, OPS_DATA_DIR: dataDir() }));
    expect(other.map(({ name }) => name)).toEqual(["HOST", "PORT", "OTLP_PORT", "JAEGER_API_PORT"]);
    expect(statusOf(other, "PORT")).toBe("fail");
  });

  it("looks at the ports of a HOST that is refused, too", async () => {
    const findings = await checkPorts(parseEnv({ HOST: "0.0.0.0", OPS_DATA_DIR: dataDir() }));
    expect(findings.map(({ name }) => name)).toEqual(["HOST", "PORT", "OTLP_PORT", "JAEGER_API_PORT"]);
  });
});

describe("checkDataDir", () => {
  it("names the console that has the data directory, as a start would", async () => {
    const settings = parseEnv({ OPS_DATA_DIR: dataDir("http://127.0.0.1:3333") });
    expect(await checkDataDir(settings)).toEqual([
      expect.objectContaining({ status: "fail", message: expect.stringContaining("http://127.0.0.1:3333 (pid 7)") }),
    ]);
  });

  it("makes no directory", async () => {
    const parent = dataDir();
    const [finding] = await checkDataDir(parseEnv({ OPS_DATA_DIR: path.join(parent, "a/b") }));
    expect(finding).toMatchObject({ status: "ok", message: expect.stringContaining("made at the first start") });
    expect(fs.readdirSync(parent)).toEqual([]);
  });
});

describe("checkS3", () => {
  it("tells an S3 server from another program by its XML", async () => {
    const s3 = await checkS3(parseEnv({ S3_ENDPOINT: await serve("application/xml") }));
    const website = await checkS3(parseEnv({ S3_ENDPOINT: await serve("application/json") }));
    expect([statusOf(s3, "S3_ENDPOINT"), statusOf(website, "S3_ENDPOINT")]).toEqual(["ok", "fail"]);
  });

  it.each(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])("says that %s alone is not used", async (name) => {
    const findings = await checkS3(parseEnv({ [name]: "x", AWS_PROFILE: "ops" }));
    expect(statusOf(findings, name)).toBe("fail");
  });
});

describe("checkJaeger", () => {
  it("knows Jaeger by what it answers, not by JSON alone: the console's own list of services is none", async () => {
    const noV3 = (path: string) => (path.startsWith("/api/v3") ? 404 : 200);
    const older = '{"data":["web"],"total":1,"limit":0,"offset":0,"errors":null}';
    for (const [body, status, statusOfPath] of [
      [CONSOLE, "fail", noV3],
      [CONSOLE, "fail", undefined],
      ['{"services":["web"]}', "ok", undefined],
      ["{}", "ok", undefined],
      [older, "ok", noV3],
    ] as const) {
      const url = await serve(JSON_TYPE, body, statusOfPath);
      expect(statusOf(await checkJaeger(parseEnv({ JAEGER_URL: url })), "JAEGER_URL"), body).toBe(status);
    }
  });
});

describe("checkNamedDatabases", () => {
  it("says which of them does not answer, without its password", async () => {
    const findings = await checkNamedDatabases(
      parseEnv({ OPS_DATABASES: "rails=postgres://ops:secret@127.0.0.1:9/app" }),
    );
    expect(findings).toEqual([expect.objectContaining({ name: "OPS_DATABASES", status: "fail" })]);
    expect(findings[0]?.message).toContain("rails (127.0.0.1:9/app)");
    expect(JSON.stringify(findings)).not.toContain("secret");
  });
});

describe("checkNames", () => {
  it("names settings nobody reads, and what may have been meant", () => {
    const findings = unknownSettings({
      environment: { OPS_DATADIR: "/x", PATH: "", PROT: "1" },
      dotEnv: ["PROT", "MINE"],
    });
    expect(findings.map(({ name, message }) => `${name} ${message}`)).toEqual([
      expect.stringMatching(/^OPS_DATADIR .*OPS_DATA_DIR/),
      expect.stringMatching(/^PROT .*PORT/),
    ]);
  });

  it("knows every setting of its own", () => {
    expect(unknownSettings({ environment: {}, dotEnv: ["PORT", "OPS_DATA_DIR", "AWS_CA_BUNDLE"] })).toEqual([]);
  });
});

describe("checkValues", () => {
  it("has a line for each setting without a check of its own", async () => {
    const names = (await checkValues(parseEnv({}))).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["LOGS_URL", "GITHUB_REPOSITORY_URL", "OPS_ALLOWED_ORIGINS", "OPS_LOG_LEVEL"]),
    );
  });
});
