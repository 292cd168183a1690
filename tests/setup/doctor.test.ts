import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { buildForTests, freePorts, launchConsole, makeDataDir } from "../support/console";
import { until } from "../support/until";

type Finding = { name: string; status: string; message: string; cure?: string };

const dataDir = makeDataDir();
/** A program that is no Jaeger: every path is a page. */
const website = http.createServer((_request, response) => response.setHeader("content-type", "text/html").end("<p>"));

beforeAll(async () => {
  await buildForTests();
  website.listen(0, "127.0.0.1");
  await until("the website listens", () => website.listening);
}, 600_000);
afterAll(() => {
  website.close();
  fs.rmSync(path.dirname(dataDir), { recursive: true, force: true });
});

async function doctor(env: Record<string, string>): Promise<{ code: number | null; findings: Map<string, Finding> }> {
  const launched = launchConsole({
    env: { ...(await freePorts()), ...env },
    dataDir,
    verb: "doctor",
    args: ["--json"],
  });
  const code = await launched.exited;
  const { findings }: { findings: Finding[] } = JSON.parse(launched.output());
  return { code, findings: new Map(findings.map((finding) => [finding.name, finding])) };
}

describe("ops-console doctor", () => {
  it("finds nothing wrong with an empty environment", async () => {
    const { code, findings } = await doctor({});
    expect([...findings.values()].filter(({ status }) => status === "fail")).toEqual([]);
    expect(code).toBe(0);
    expect([...findings.keys()]).toEqual(
      expect.arrayContaining(["Node", "OPS_DATA_DIR", "PORT", "OTLP_PORT", "DATABASE_URL", "JAEGER_URL", "RUNBOOKS"]),
    );
  });

  it("says of each setting that is wrong what to do, and fails", async () => {
    const { port } = website.address() as AddressInfo;
    const nobody = `127.0.0.1:${(await freePorts()).PORT}`;
    const { code, findings } = await doctor({
      DATABASE_URL: `postgresql://ops:secret@${nobody}/ops`,
      JAEGER_URL: `http://127.0.0.1:${port}`,
      RUNBOOKS: "/nowhere",
      S3_ENDPOINT: `http://${nobody}`,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${nobody}`,
      PORT: String(port),
    });
    expect(code).toBe(1);
    for (const name of ["DATABASE_URL", "JAEGER_URL", "RUNBOOKS", "S3_ENDPOINT", "PORT"]) {
      expect(findings.get(name), name).toMatchObject({ status: "fail", cure: expect.stringMatching(/\w/) });
    }
    expect(findings.get("JAEGER_URL")?.message).toContain("not as Jaeger's query API");
    expect(findings.get("OTEL_EXPORTER_OTLP_ENDPOINT")?.status).toBe("warn");
    expect(JSON.stringify([...findings.values()])).not.toContain("secret");
  });

  it("says of sources and credentials that are not there what a run would find", async () => {
    const { findings } = await doctor({ RUNBOOKS: "git+garbage", AWS_PROFILE: "nothere" });
    expect(findings.get("RUNBOOKS")).toMatchObject({ status: "fail", message: expect.stringContaining("git+garbage") });
    expect(findings.get("AWS_PROFILE")).toMatchObject({ status: "fail", message: expect.stringContaining("nothere") });
  });

  it("knows a database that works", async () => {
    const { findings } = await doctor({ DATABASE_URL: inject("postgresUrl") });
    expect(findings.get("DATABASE_URL")).toMatchObject({
      status: "ok",
      message: expect.stringMatching(/Postgres 1\d/),
    });
  });

  it("names a setting that cannot be parsed", async () => {
    const { code, findings } = await doctor({ PORT: "eighty" });
    expect(code).toBe(1);
    expect(findings.get("PORT")).toMatchObject({ status: "fail" });
  });
});
