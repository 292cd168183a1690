import type { SpanFacts } from "./scan-span";
import { bloomOf } from "./token";
import { fieldHeader } from "./wire-writer";

/**
 * The unit of storage: spans of one trace that arrived in one request, at most ten minutes of start times apart. Its
 * `spans` are a valid OTLP `TracesData` message; the other columns answer searches without opening it.
 */
export type Fragment = {
  traceId: Buffer;
  minStartNs: bigint;
  maxStartNs: bigint;
  maxDurationNs: bigint;
  spanCount: number;
  errorCount: number;
  /** One of its spans names no parent: the trace starts here. */
  hasRoot: boolean;
  services: string[];
  bloom: Buffer;
  spans: Buffer;
};

/** Start times within one fragment differ by less than this, so a search widens its window by no more. */
export const FRAGMENT_EXTENT_NS = 600_000_000_000n;

/** The resource and scope bytes a span stands under. */
export type SpanContext = {
  service: string;
  resource: Buffer;
  resourceSchemaUrl: Buffer;
  scope: Buffer;
  scopeSchemaUrl: Buffer;
  /** Tokens of the resource's and scope's attributes. */
  tokens: readonly number[];
};

/** Collects spans of one trace into a {@link Fragment}. */
export class FragmentBuilder {
  private readonly groups: { context: SpanContext; spans: Buffer[]; size: number }[] = [];
  private readonly tokens = new Set<number>();
  private readonly services = new Set<string>();
  private readonly traceId: Buffer;
  private minStartNs = 9_223_372_036_854_775_807n;
  private maxStartNs = 0n;
  private maxDurationNs = 0n;
  private spanCount = 0;
  private errorCount = 0;
  private hasRoot = false;

  constructor(traceId: Buffer) {
    this.traceId = traceId;
  }

  /** Adds a span; true when its context had to be repeated for it. */
  add(facts: SpanFacts, bytes: Buffer, context: SpanContext): boolean {
    let group = this.groups.at(-1);
    const isNewGroup = group?.context !== context;
    if (group === undefined || isNewGroup) {
      group = { context, spans: [], size: 0 };
      this.groups.push(group);
      this.services.add(context.service);
      for (const token of context.tokens) this.tokens.add(token);
    }
    group.spans.push(bytes);
    for (const token of facts.tokens) this.tokens.add(token);
    if (facts.startNs < this.minStartNs) this.minStartNs = facts.startNs;
    if (facts.startNs > this.maxStartNs) this.maxStartNs = facts.startNs;
    const durationNs = facts.endNs - facts.startNs;
    if (durationNs > this.maxDurationNs) this.maxDurationNs = durationNs;
    this.spanCount += 1;
    if (facts.isError) this.errorCount += 1;
    if (facts.isRoot) this.hasRoot = true;
    return isNewGroup;
  }

  finish(): Fragment {
    const parts: Buffer[] = [];
    for (const { context, spans } of this.groups) appendResourceSpans(parts, context, spans);
    return {
      traceId: this.traceId,
      minStartNs: this.minStartNs,
      maxStartNs: this.maxStartNs,
      maxDurationNs: this.maxDurationNs,
      spanCount: this.spanCount,
      errorCount: this.errorCount,
      hasRoot: this.hasRoot,
      services: [...this.services],
      bloom: bloomOf(this.tokens),
      spans: Buffer.concat(parts),
    };
  }
}

function appendResourceSpans(parts: Buffer[], context: SpanContext, spans: Buffer[]): void {
  const scopeParts: Buffer[] = [fieldHeader(1, context.scope.length), context.scope];
  for (const span of spans) scopeParts.push(fieldHeader(2, span.length), span);
  if (context.scopeSchemaUrl.length > 0) {
    scopeParts.push(fieldHeader(3, context.scopeSchemaUrl.length), context.scopeSchemaUrl);
  }
  const scopeSize = sizeOf(scopeParts);
  const resourceParts = [fieldHeader(1, context.resource.length), context.resource, fieldHeader(2, scopeSize)];
  const tail =
    context.resourceSchemaUrl.length > 0
      ? [fieldHeader(3, context.resourceSchemaUrl.length), context.resourceSchemaUrl]
      : [];
  parts.push(fieldHeader(1, sizeOf(resourceParts) + scopeSize + sizeOf(tail)), ...resourceParts);
  for (const part of scopeParts) parts.push(part);
  parts.push(...tail);
}

function sizeOf(parts: Buffer[]): number {
  let size = 0;
  for (const part of parts) size += part.length;
  return size;
}
