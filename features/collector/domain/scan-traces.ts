import { AppError } from "@/lib/errors";
import { FRAGMENT_EXTENT_NS, type Fragment, FragmentBuilder, type SpanContext } from "./fragment";
import { MAX_OBJECTS, MAX_SPANS } from "./ingest-limits";
import { type SpanFacts, scanSpan } from "./scan-span";
import { scanKeyValue, type ValueFindings } from "./scan-value";
import { serviceNameOf } from "./service-name";
import { OPERATION_KEY, SCOPE_NAME_KEY, SCOPE_VERSION_KEY, tokenOf } from "./token";
import { trimSpan } from "./trim-span";
import { WireReader } from "./wire-reader";

export type OperationSeen = { service: string; name: string; kind: number };

/** One request, ready to be stored: what is kept, and what the sender must be told. */
export type ScannedTraces = {
  fragments: Fragment[];
  spanCount: number;
  rejectedCount: number;
  /** Why spans were rejected or shortened, for `partial_success`; empty when all is as sent. */
  message: string;
  operations: OperationSeen[];
};

const NOTHING: Buffer = Buffer.alloc(0);
/** Resource and scope are repeated per fragment: this bounds what a large resource over many traces can grow to. */
const MAX_CONTEXT_BYTES = 32 * 1024 * 1024;

/**
 * Checks an OTLP `ExportTraceServiceRequest` and sorts its spans into fragments, in one pass over the bytes and without
 * building a message tree. Throws `invalid_input` for bytes that are no such message and `payload_too_large` for too many
 * spans or objects; single bad spans are rejected by themselves.
 */
export function scanTraces(body: Buffer): ScannedTraces {
  const scan = new Scan();
  const request = new WireReader(body);
  for (let field = request.nextField(); field !== 0; field = request.nextField()) {
    if (field === 1) scan.resourceSpans(request.message());
    else request.skip();
  }
  return scan.finish();
}

class Scan {
  private readonly builders = new Map<string, FragmentBuilder>();
  private readonly operations = new Map<string, OperationSeen & { tokens: [number, number] }>();
  private readonly findings: ValueFindings = { isLong: false, isDeep: false, printedBytes: 0 };
  private objectCount = 0;
  private contextBytes = 0;
  private spanCount = 0;
  private rejectedCount = 0;
  private trimmedCount = 0;
  private problem = "";

  resourceSpans(reader: WireReader): void {
    this.countObject();
    let resource: WireReader | undefined;
    let schemaUrl: Buffer = NOTHING;
    const scopes: WireReader[] = [];
    for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
      if (field === 1) resource = reader.message();
      else if (field === 2) scopes.push(reader.message());
      else if (field === 3) schemaUrl = reader.view();
      else reader.skip();
      this.countObject();
    }
    const bytes = resource === undefined ? NOTHING : resource.bytes.subarray(resource.position, resource.end);
    const service = serviceNameOf(bytes);
    const tokens = this.attributeTokens(bytes, 1);
    for (const scope of scopes) this.scopeSpans(scope, { service, bytes, schemaUrl, tokens });
  }

  private scopeSpans(
    reader: WireReader,
    resource: { service: string; bytes: Buffer; schemaUrl: Buffer; tokens: number[] },
  ): void {
    let scope: Buffer = NOTHING;
    let scopeSchemaUrl: Buffer = NOTHING;
    const spans: WireReader[] = [];
    for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
      if (field === 1) scope = reader.view();
      else if (field === 2) spans.push(reader.message());
      else if (field === 3) scopeSchemaUrl = reader.view();
      else reader.skip();
      this.countObject();
    }
    const context: SpanContext = {
      service: resource.service,
      resource: resource.bytes,
      resourceSchemaUrl: resource.schemaUrl,
      scope,
      scopeSchemaUrl,
      tokens: [...resource.tokens, ...this.attributeTokens(scope, 3), ...scopeTokens(scope)],
    };
    for (const span of spans) this.span(span, context);
  }

  private span(reader: WireReader, context: SpanContext): void {
    const raw = reader.bytes.subarray(reader.position, reader.end);
    this.spanCount += 1;
    if (this.spanCount > MAX_SPANS) {
      throw new AppError("payload_too_large", `A request may carry at most ${MAX_SPANS} spans.`);
    }
    const facts = scanSpan(reader, this.findings);
    if (facts.problem !== undefined) {
      this.rejectedCount += 1;
      this.problem ||= facts.problem;
      return;
    }
    this.noteOperation(facts, context.service);
    if (facts.isOverLimit) this.trimmedCount += 1;
    const isNewGroup = this.builderOf(facts).add(facts, facts.isOverLimit ? trimSpan(raw) : raw, context);
    if (isNewGroup) this.countContext(context);
  }

  private builderOf(facts: SpanFacts): FragmentBuilder {
    const key = `${facts.traceId.toString("latin1")}${facts.startNs / FRAGMENT_EXTENT_NS}`;
    let builder = this.builders.get(key);
    if (builder === undefined) {
      builder = new FragmentBuilder(facts.traceId);
      this.builders.set(key, builder);
    }
    return builder;
  }

  /** Remembers the operation for the lists, and adds its tokens: alone, and together with its service. */
  private noteOperation(facts: SpanFacts, service: string): void {
    const key = `${service}\u0000${facts.kind}\u0000${facts.name}`;
    let seen = this.operations.get(key);
    if (seen === undefined) {
      const name = facts.name === "" ? "empty-span-name" : facts.name;
      const tokens: [number, number] = [tokenOf(OPERATION_KEY, name), tokenOf(`${OPERATION_KEY} ${service}`, name)];
      seen = { service, name, kind: facts.kind, tokens };
      this.operations.set(key, seen);
    }
    facts.tokens.push(...seen.tokens);
  }

  private attributeTokens(holder: Buffer, attributesField: number): number[] {
    const tokens: number[] = [];
    const reader = new WireReader(holder);
    for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
      if (field !== attributesField) {
        reader.skip();
        continue;
      }
      this.countObject();
      const token = scanKeyValue(reader.message(), this.findings);
      if (token !== undefined) tokens.push(token);
    }
    return tokens;
  }

  private countContext(context: SpanContext): void {
    this.contextBytes += context.resource.length + context.scope.length + context.tokens.length * 16;
    if (this.contextBytes > MAX_CONTEXT_BYTES) {
      throw new AppError("payload_too_large", "The resource is too large to repeat for so many traces.");
    }
  }

  private countObject(): void {
    this.objectCount += 1;
    if (this.objectCount > MAX_OBJECTS) {
      throw new AppError("payload_too_large", `A request may hold at most ${MAX_OBJECTS} objects.`);
    }
  }

  finish(): ScannedTraces {
    const fragments = Array.from(this.builders.values(), (builder) => builder.finish());
    const notes: string[] = [];
    if (this.rejectedCount > 0) notes.push(`${this.rejectedCount} spans were rejected: ${this.problem}.`);
    if (this.trimmedCount > 0) notes.push(`${this.trimmedCount} spans had attributes dropped or cut at 4096 bytes.`);
    return {
      fragments,
      spanCount: this.spanCount - this.rejectedCount,
      rejectedCount: this.rejectedCount,
      message: notes.join(" "),
      operations: Array.from(this.operations.values(), ({ service, name, kind }) => ({ service, name, kind })),
    };
  }
}

function scopeTokens(scope: Buffer): number[] {
  const reader = new WireReader(scope);
  const tokens: number[] = [];
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) tokens.push(tokenOf(SCOPE_NAME_KEY, reader.text()));
    else if (field === 2) tokens.push(tokenOf(SCOPE_VERSION_KEY, reader.text()));
    else reader.skip();
  }
  return tokens;
}
