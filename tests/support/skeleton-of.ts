import { buildSkeleton } from "@/features/traces/domain/build-skeleton";
import { SPAN_CATEGORIES, type SpanCategory } from "@/features/traces/domain/span-category";
import { SpanTable } from "@/features/traces/domain/span-table";
import { SPAN_FLAGS, SPAN_KINDS, type SpanKind, type TraceSkeleton } from "@/features/traces/domain/trace-skeleton";

/** A span as a test writes it: nested, times in µs from the start of the trace. */
export type SpanSpec = {
  name: string;
  start?: number;
  duration?: number;
  service?: string;
  detail?: string;
  waitsFor?: string;
  kind?: SpanKind;
  category?: SpanCategory;
  isError?: boolean;
  children?: SpanSpec[];
};

/** A skeleton of nested spans. A span without a service has its parent's ("web" at the root), without times its parent's. */
export function skeletonOf(roots: SpanSpec | SpanSpec[], options?: { startUs?: number }): TraceSkeleton {
  const { table, services } = tableOf(roots, options);
  return buildSkeleton(table, services).skeleton;
}

/** The table of {@link skeletonOf}, and the service of each of its groups. */
export function tableOf(
  roots: SpanSpec | SpanSpec[],
  { startUs = 1_000_000 } = {},
): { table: SpanTable; services: string[] } {
  const table = new SpanTable();
  const services: string[] = [];
  const groupOf = (service: string) => {
    const known = services.indexOf(service);
    return known === -1 ? services.push(service) - 1 : known;
  };
  type Waiting = { spec: SpanSpec; parent: number; service: string; start: number; duration: number };
  const waiting: Waiting[] = [roots].flat().map((spec) => ({ spec, parent: 0, service: "web", start: 0, duration: 0 }));
  for (let id = 1; waiting.length > 0; id += 1) {
    const next = waiting.pop();
    if (next === undefined) break;
    const { spec, parent } = next;
    const { service = next.service, start = next.start, duration = next.duration, children = [] } = spec;
    table.add({
      idHigh: 7,
      idLow: id,
      parentHigh: parent === 0 ? 0 : 7,
      parentLow: parent,
      startUs: startUs + start,
      endUs: startUs + start + duration,
      name: spec.name,
      detail: spec.detail ?? "",
      waitsFor: spec.waitsFor ?? "",
      kind: SPAN_KINDS.indexOf(spec.kind ?? "internal"),
      category: SPAN_CATEGORIES.indexOf(spec.category ?? "other"),
      flags: spec.isError === true ? SPAN_FLAGS.error : 0,
      group: groupOf(service),
      scope: -1,
      byteStart: 0,
      byteEnd: 0,
    });
    for (const child of children) waiting.push({ spec: child, parent: id, service, start, duration });
  }
  return { table, services };
}

/** A span of a list in any order; `parent` is 1 + its place, 0 for none, a place beyond the list for one that is missing. */
export type LooseSpan = { parent: number; start: number; duration: number; name: string };

/** A skeleton of spans that may be orphans, cycles or out of their parents' time. */
export function skeletonOfLoose(spans: readonly LooseSpan[]): TraceSkeleton {
  const table = new SpanTable();
  spans.forEach(({ parent, start, duration, name }, at) => {
    const ids = { idHigh: 0, idLow: at + 1, parentHigh: 0, parentLow: parent };
    const text = { name, detail: "", waitsFor: "" };
    const rest = { kind: 1, category: 0, flags: 0, group: 0, scope: -1, byteStart: 0, byteEnd: 0 };
    table.add({ ...ids, ...text, ...rest, startUs: start, endUs: start + duration });
  });
  return buildSkeleton(table, ["web"]).skeleton;
}
