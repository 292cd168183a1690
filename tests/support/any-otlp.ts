import fc from "fast-check";

/** The trace all generated spans are of. */
export const ANY_TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

const hexId = fc.integer({ min: 1, max: 9 }).map((id) => id.toString(16).padStart(16, "0"));
const linkedTraceId = fc.integer({ min: 1, max: 99 }).map((id) => id.toString(16).padStart(32, "0"));
const text = fc.string({ unit: "binary", maxLength: 8 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
// A file has no negative zero; NaN and the infinities travel as text.
const double = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom("NaN", "Infinity", "-Infinity"))
  .map((value) => (Object.is(value, -0) ? 0 : value));
const base64 = fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes).toString("base64"));

const plainValue = fc.oneof(
  fc.record({ stringValue: text }),
  fc.record({ intValue: int64 }),
  fc.record({ doubleValue: double }),
  fc.record({ boolValue: fc.boolean() }),
  fc.record({ bytesValue: base64 }),
);
const { anyValue } = fc.letrec((tie) => ({
  anyValue: fc.oneof(
    { maxDepth: 3 },
    plainValue,
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie("anyValue"), { maxLength: 3 }) }) }),
    fc.record({
      kvlistValue: fc.record({ values: fc.array(fc.record({ key: text, value: tie("anyValue") }), { maxLength: 3 }) }),
    }),
  ),
}));

/** Names of Jaeger's own tags stand for fields of OTLP, not for attributes. */
const key = text.filter(
  (name) => !/^(error|event|span\.kind|service\.name|w3c\.tracestate|otel\..*|@jaeger.*)$/.test(name),
);
const attributesOf = (value: fc.Arbitrary<unknown>) => fc.array(fc.record({ key, value }), { maxLength: 4 });

type Kinds = { value: fc.Arbitrary<unknown>; hasLinkAttributes: boolean; nanoDigits: bigint };

/** Spans of every kind: orphans, several with one id, cycles, of no duration. */
const spanArbitrary = ({ value, hasLinkAttributes, nanoDigits }: Kinds) => {
  const nanos = fc.bigInt({ min: 10n ** 15n, max: 10n ** 15n + 1000n }).map((us) => us * 1000n + nanoDigits);
  return fc
    .record({
      spanId: hexId,
      parentSpanId: fc.option(hexId, { nil: undefined }),
      traceState: fc.constantFrom("", "vendor=1", "a=b,c=d"),
      name: text,
      kind: fc.integer({ min: 0, max: 5 }),
      start: nanos,
      durationUs: fc.nat({ max: 50 }),
      attributes: attributesOf(value),
      events: fc.array(fc.record({ name: text, timeUnixNano: nanos.map(String), attributes: attributesOf(value) }), {
        maxLength: 2,
      }),
      links: fc.array(
        fc.record({
          traceId: linkedTraceId,
          spanId: hexId,
          attributes: hasLinkAttributes ? attributesOf(value) : fc.constant([]),
        }),
        { maxLength: 2 },
      ),
      status: fc.constantFrom({}, { code: 1 }, { code: 2, message: "deadlock" }, { code: 2 }),
    })
    .map(({ start, durationUs, ...span }) => ({
      traceId: ANY_TRACE_ID,
      ...span,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + BigInt(durationUs) * 1000n),
    }));
};

/** OTLP documents of one trace, of any shape. */
export const otlpDocuments = (kinds: Kinds) =>
  fc
    .array(
      fc.record({
        service: fc.constantFrom("web", "worker", 'größe \n"'),
        resource: attributesOf(kinds.value),
        scope: fc.record({ name: fc.constantFrom("", "rails"), version: fc.constantFrom("", "7.1") }),
        spans: fc.array(spanArbitrary(kinds), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((groups) => ({
      resourceSpans: groups.map(({ service, resource, scope, spans }) => ({
        resource: { attributes: [{ key: "service.name", value: { stringValue: service } }, ...resource] },
        scopeSpans: [{ scope, spans }],
      })),
    }));

/** Every type of value, nested, with nanoseconds. */
export const EVERYTHING: Kinds = { value: anyValue, hasLinkAttributes: true, nanoDigits: 789n };
/** What Jaeger's JSON has a place for. */
export const IN_BOTH_FORMATS: Kinds = { value: plainValue, hasLinkAttributes: false, nanoDigits: 0n };
