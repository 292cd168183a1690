import type { ServicesReply } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import { MS_PER_HOUR, MS_PER_SECOND, US_PER_MS } from "@/lib/units";
import type { FactTable } from "./fact-table";
import { isLate, PATIENCE_MS } from "./late-answer";
import { findBusiestServices, findServiceNames } from "./red-repository";

/** Further back than any range of the top bar but the longest; older services are seldom asked for in an outage. */
const HELD_HOURS = 24;
/** Fewer are all read at once, in whatever order. */
const FEW = 40;

/**
 * The services the source names, and which of many are busy. While it fails, is known to be down or takes long, those of the traces that were read of
 * the last day, with why and since when; rejects as the source does where there are none.
 */
export async function listServices(table: FactTable, signal?: AbortSignal): Promise<ServicesReply> {
  const { source } = table;
  if (source.health().downSince !== undefined) {
    const held = await findHeld(table);
    if (held.length > 0) {
      // Looks at most once in ten seconds, and nobody waits for it: whether the source is back is known the next time.
      void source.status().catch(() => {});
      return await toUnheard(table, held, `${source.called} does not answer.`);
    }
  }
  const asked = source.listServices(signal);
  if (await isLate(asked)) {
    const held = await findHeld(table);
    if (held.length > 0) {
      // It goes on without us: its end tells the source's health.
      asked.catch(() => {});
      return await toUnheard(table, held, `${source.called} has not answered for ${PATIENCE_MS / MS_PER_SECOND} s.`);
    }
  }
  try {
    const services = await asked;
    return { services, busiest: await busiestOf(table, services), unheard: null };
  } catch (error) {
    if (signal?.aborted || !(error instanceof AppError) || !error.code.startsWith("upstream_")) throw error;
    const held = await findHeld(table);
    if (held.length === 0) throw error;
    return await toUnheard(table, held, error.message);
  }
}

async function findHeld(table: FactTable): Promise<string[]> {
  const fromUs = (table.now() - HELD_HOURS * MS_PER_HOUR) * US_PER_MS;
  return findServiceNames(await table.sourceId(), fromUs);
}

async function toUnheard(table: FactTable, services: string[], otherwise: string): Promise<ServicesReply> {
  const { downSince, reason = otherwise } = table.source.health();
  const since = downSince === undefined ? null : new Date(downSince).toISOString();
  return { services, busiest: await busiestOf(table, services), unheard: { reason, since } };
}

/** The source names services and tells nothing of their traffic; the traces held of the last hour do. */
async function busiestOf(table: FactTable, services: readonly string[]): Promise<string[]> {
  if (services.length <= FEW) return [];
  return findBusiestServices(await table.sourceId(), (table.now() - MS_PER_HOUR) * US_PER_MS);
}
