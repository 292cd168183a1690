const NS_PER_UNIT = new Map([
  ["ns", 1],
  ["us", 1e3],
  ["µs", 1e3],
  ["μs", 1e3],
  ["ms", 1e6],
  ["s", 1e9],
  ["m", 6e10],
  ["h", 3.6e12],
]);

/** A Go duration (`1.5s`, `2m30s`, `300ms`) in nanoseconds, or Go's own complaint about it. */
export function parseGoDuration(text: string): { ns: bigint } | { problem: string } {
  const quoted = JSON.stringify(text);
  const unsigned = text.replace(/^[-+]/, "");
  if (unsigned === "0") return { ns: 0n };
  if (unsigned === "") return { problem: `time: invalid duration ${quoted}` };
  let total = 0;
  let rest = unsigned;
  while (rest !== "") {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) return { problem: `time: invalid duration ${quoted}` };
    rest = rest.slice(number.length);
    const unit = /^[^\d.]+/.exec(rest)?.[0];
    if (unit === undefined) return { problem: `time: missing unit in duration ${quoted}` };
    const factor = NS_PER_UNIT.get(unit);
    if (factor === undefined) return { problem: `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}` };
    rest = rest.slice(unit.length);
    total += Number(number) * factor;
  }
  if (total > 9.2e18) return { problem: `time: invalid duration ${quoted}` };
  const ns = BigInt(Math.round(total));
  return { ns: text.startsWith("-") ? -ns : ns };
}
