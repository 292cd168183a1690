const PATTERN = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,}))?(Z|[+-]\d\d:\d\d)$/;
const MAX_NS = 9_223_372_036_854_775_807n;

/** An RFC 3339 time with up to nine decimals, in nanoseconds since 1970 and within 64 bits; `undefined` when it is none. */
export function parseRfc3339Nanos(text: string): bigint | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = "Z"] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  const isRealDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  if (Number.isNaN(ms) || !isRealDay) return undefined;
  const ns = BigInt(ms) * 1_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
  if (ns > MAX_NS) return MAX_NS;
  return ns < 0n ? 0n : ns;
}

/** Go's complaint about a parameter that is no such time. */
export function rfc3339Complaint(name: string, value: string): string {
  const quoted = JSON.stringify(value);
  const layout = '"2006-01-02T15:04:05.999999999Z07:00"';
  return `malformed parameter ${name}: parsing time ${quoted} as ${layout}: cannot parse ${quoted} as "2006"`;
}
