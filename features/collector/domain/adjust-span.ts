import type { AnyValueJson, KeyValueJson, ResourceJson, SpanJson } from "./otlp-json";

/** Where Jaeger's API keeps what it has to say about a span. */
export const WARNINGS_KEY = "@jaeger@warnings";
/** IPv4 addresses that old clients send as one number. */
const IP_KEYS = new Set(["ip", "peer.ipv4"]);

/** A span as Jaeger's API shows it rather than as it was sent: see {@link adjustAttributes}, and no negative duration. */
export function adjustSpan(span: SpanJson): SpanJson {
  const startNs = BigInt(span.startTimeUnixNano ?? 0);
  const endNs = BigInt(span.endTimeUnixNano ?? 0);
  const attributes = adjustAttributes(span.attributes ?? []);
  if (endNs >= startNs) return attributes.length === 0 ? span : { ...span, attributes };
  const newEndNs = startNs + 1n;
  const warning = `Negative duration detected, sanitizing end timestamp. Original end timestamp: ${goTime(endNs)}, adjusted to: ${goTime(newEndNs)}`;
  return inOrder({ ...span, endTimeUnixNano: newEndNs.toString(), attributes: withWarning(attributes, warning) });
}

export function adjustResource(resource: ResourceJson): ResourceJson {
  return resource.attributes === undefined
    ? resource
    : { ...resource, attributes: adjustAttributes(resource.attributes) };
}

/** Of equal keys the last; numbers that are IPv4 addresses in dotted form. Takes and returns pairs sorted by key. */
function adjustAttributes(pairs: readonly KeyValueJson[]): KeyValueJson[] {
  return pairs
    .filter(({ key }, at) => key !== pairs[at + 1]?.key)
    .map((pair) => (IP_KEYS.has(pair.key) ? { ...pair, value: dotted(pair.value ?? {}) } : pair));
}

function dotted(value: AnyValueJson): AnyValueJson {
  const number = Number(value.intValue ?? value.doubleValue);
  if (!Number.isFinite(number)) return value;
  const bits = Number(BigInt.asUintN(32, BigInt(Math.trunc(number))));
  return { stringValue: [24, 16, 8, 0].map((shift) => (bits >>> shift) & 0xff).join(".") };
}

function withWarning(pairs: KeyValueJson[], text: string): KeyValueJson[] {
  const known = pairs.find(({ key }) => key === WARNINGS_KEY)?.value?.arrayValue?.values ?? [];
  const warnings = { key: WARNINGS_KEY, value: { arrayValue: { values: [...known, { stringValue: text }] } } };
  // "@" sorts before every letter; digits and some signs come before it.
  const rest = pairs.filter(({ key }) => key !== WARNINGS_KEY);
  const at = rest.findIndex(({ key }) => key > WARNINGS_KEY);
  return at < 0 ? [...rest, warnings] : [...rest.slice(0, at), warnings, ...rest.slice(at)];
}

/** A span that had no attributes gets them after its times, where protobuf's JSON prints them. */
function inOrder({ attributes, droppedAttributesCount, events, droppedEventsCount, ...rest }: SpanJson): SpanJson {
  const { links, droppedLinksCount, status, ...head } = rest;
  return {
    ...head,
    ...(attributes === undefined ? {} : { attributes }),
    ...(droppedAttributesCount === undefined ? {} : { droppedAttributesCount }),
    ...(events === undefined ? {} : { events }),
    ...(droppedEventsCount === undefined ? {} : { droppedEventsCount }),
    ...(links === undefined ? {} : { links }),
    ...(droppedLinksCount === undefined ? {} : { droppedLinksCount }),
    status,
  };
}

/** As Go prints a time in UTC: decimals without trailing zeros. */
function goTime(ns: bigint): string {
  const seconds = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString().slice(0, 19).replace("T", " ");
  const decimals = (ns % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "");
  return `${seconds}${decimals === "" ? "" : `.${decimals}`} +0000 UTC`;
}
