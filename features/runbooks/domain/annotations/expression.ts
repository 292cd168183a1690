import { Environment } from "@marcbachmann/cel-js";

/** What a step's condition may speak of, and what a check's expectation may. */
const NAMES = {
  condition: ["params", "run", "steps"],
  expectation: [
    ...["value", "series", "status", "ms", "body", "json", "state", "progress", "failed", "count", "conclusion"],
    "params",
  ],
} as const;
export type ExpressionKind = keyof typeof NAMES;

const MAX_CHARS = 500;
const MAX_NODES = 120;
/** Functions that take a list apart; one inside another multiplies their work. */
const MACROS = /\.\s*(?:all|exists|exists_one|map|filter)\s*\(/g;

const environments = new Map<ExpressionKind, Environment>();

/** Why an expression cannot be used; `undefined` when it can. Found before anything is run. */
export function findExpressionProblem(kind: ExpressionKind, text: string): string | undefined {
  if (text.trim() === "") return "is empty";
  if (text.length > MAX_CHARS) return `is longer than ${MAX_CHARS} characters`;
  // Patterns come with a file anybody may propose to change, and one pattern can keep a process busy for hours.
  if (/\bmatches\s*\(/.test(text)) return "uses matches(), which is not available; use contains() or startsWith()";
  if ((text.match(MACROS) ?? []).length > 1) return "goes through a list more than once";
  try {
    const checked = environmentOf(kind).parse(text).check();
    if (!checked.valid) return firstLine(checked.error);
    return ["bool", "dyn"].includes(String(checked.type)) ? undefined : "is not a yes or no question";
  } catch (error) {
    return firstLine(error);
  }
}

/**
 * The answer of an expression: true, false, or unknown with the reason. Only `true` itself is true. What it speaks of is
 * plain data; there is no way from it to the process.
 */
export function evaluateExpression(
  kind: ExpressionKind,
  text: string,
  facts: Readonly<Record<string, unknown>>,
): { value: boolean } | { value: "unknown"; reason: string } {
  const problem = findExpressionProblem(kind, text);
  if (problem !== undefined) return { value: "unknown", reason: problem };
  try {
    const value: unknown = environmentOf(kind).evaluate(text, { ...facts });
    if (typeof value === "boolean") return { value };
    return { value: "unknown", reason: "the expression gave no yes or no" };
  } catch (error) {
    return { value: "unknown", reason: firstLine(error) };
  }
}

function environmentOf(kind: ExpressionKind): Environment {
  const known = environments.get(kind);
  if (known !== undefined) return known;
  const environment = new Environment({ limits: { maxAstNodes: MAX_NODES } });
  for (const name of NAMES[kind]) environment.registerVariable(name, "dyn");
  environments.set(kind, environment);
  return environment;
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const line = message.split("\n")[0] ?? message;
  return `cannot be read: ${line.slice(0, 160)}`;
}
