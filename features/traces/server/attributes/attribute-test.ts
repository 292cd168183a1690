import type { AttributeTerm } from "@/features/traces/contract";

/** Whether an attribute's value satisfies a term; `text` is the value as it would be read. */
export function compileValueTest({ op, text }: AttributeTerm): (value: string) => boolean {
  const wanted = text.toLowerCase();
  switch (op) {
    case "has":
      return () => true;
    case ":":
      return (value) => value.toLowerCase().includes(wanted);
    case "=":
      return (value) => value === text;
    default:
      return compileComparison(op, Number(text));
  }
}

function compileComparison(op: "<" | "<=" | ">" | ">=", limit: number): (value: string) => boolean {
  const compare = {
    "<": (value: number) => value < limit,
    "<=": (value: number) => value <= limit,
    ">": (value: number) => value > limit,
    ">=": (value: number) => value >= limit,
  }[op];
  return (value) => value.trim() !== "" && compare(Number(value));
}

/**
 * Finds the beginning of an attribute of this key, whatever the spaces; the text is bytes, one a character. Without a key,
 * the text looked for in any value.
 */
export function compileNeedle({ key, text }: AttributeTerm): RegExp {
  if (key === "") return new RegExp(toPattern(text), "gi");
  return new RegExp(`"key"\\s*:\\s*"${toPattern(key)}"`, "g");
}

/** The text as JSON writes it, in bytes; some writers spell <, > and & as numbers. */
function toPattern(text: string): string {
  const written = JSON.stringify(text).slice(1, -1);
  const bytes = Buffer.from(written, "utf8").toString("latin1");
  return bytes
    .replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replaceAll("<", "(?:<|\\\\u003c)")
    .replaceAll(">", "(?:>|\\\\u003e)")
    .replaceAll("&", "(?:&|\\\\u0026)");
}
