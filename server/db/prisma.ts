import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { pool } from "./client";
import { PrismaClient } from "./generated/client";

// One client per process, as with the pool it stands on: Next's module graphs share it through globalThis.
type Shared = { opsPrisma?: { client: PrismaClient; pool: pg.Pool } };
const shared = globalThis as typeof globalThis & Shared;

/**
 * Prisma over the process's pool, which ends with it. A module of its own: its query compiler costs a process 50 MB, so
 * what the worker, the collector and the supervisor run uses `pool()` instead.
 */
export function prisma(): PrismaClient {
  const current = pool();
  if (shared.opsPrisma?.pool !== current) {
    shared.opsPrisma = { client: new PrismaClient({ adapter: new PrismaPg(current) }), pool: current };
  }
  return shared.opsPrisma.client;
}
