import type { ServicesReply } from "@/features/traces/contract";
import { AppError } from "@/lib/errors";
import { MS_PER_HOUR, US_PER_MS } from "@/lib/units";
import type { FactTable } from "./fact-table";
import { findBusiestServices, findServiceNames } from "./red-repository";

/** Further back than any range of the top bar but the longest; older services are seldom asked for in an outage. */
const HELD_HOURS = 24;

/** Fewer are all read at once, in whatever order. */
const FEW = 40;

/**
 * The services the source names, and which of many are busy. While it fails, those of the traces that were read of the last day, with why it fails
 * and since when; rejects as the source does where there are none.
 */
export async function listServices(table: FactTable, signal?: AbortSignal): Promise<ServicesReply> {
  try {
    const services = await table.source.listServices(signal);
    return { services, busiest: await busiestOf(table, services), unheard: null };
  } catch (error) {
    if (signal?.aborted || !(error instanceof AppError) || !error.code.startsWith("upstream_")) throw error;
    const fromUs = (table.now() - HELD_HOURS * MS_PER_HOUR) * US_PER_MS;
    const services = await findServiceNames(await table.sourceId(), fromUs);
    if (services.length === 0) throw error;
    const { downSince } = table.source.health();
    const since = downSince === undefined ? null : new Date(downSince).toISOString();
    return { services, busiest: await busiestOf(table, services), unheard: { reason: error.message, since } };
  }
}

/** The source names services and tells nothing of their traffic; the traces held of the last hour do. */
async function busiestOf(table: FactTable, services: readonly string[]): Promise<string[]> {
  if (services.length <= FEW) return [];
  return findBusiestServices(await table.sourceId(), (table.now() - MS_PER_HOUR) * US_PER_MS);
}
