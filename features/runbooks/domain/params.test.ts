import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { askedValues, findPatternProblem, findValueProblem, type RunbookParam } from "./params";
import { parseRunbook } from "./parse-runbook";

const param = (rest: Partial<RunbookParam>): RunbookParam => ({
  name: "x",
  type: "string",
  isRequired: true,
  default: "",
  options: [],
  pattern: null,
  description: "",
  ...rest,
});
const parse = (yaml: string) =>
  parseRunbook({ path: "a.md", text: `---\n${yaml}\n---\n\n# A\n\n\`run <TARGET_ENV>\`\n` });

describe("params of a front matter", () => {
  it("declare type, options, pattern, default and description", () => {
    const { params, problems } = parse(
      [
        "params:",
        "  target-env: { options: [staging, production], default: staging, description: Where it goes }",
        "  commit: sha",
        "  ticket: { pattern: 'OPS-\\d+', required: false }",
        "  retries: { type: int, default: 3 }",
      ].join("\n"),
    );
    expect(problems).toEqual([]);
    expect(params).toEqual([
      param({
        name: "target-env",
        type: "enum",
        options: ["staging", "production"],
        default: "staging",
        description: "Where it goes",
      }),
      param({ name: "commit", type: "sha" }),
      param({ name: "ticket", pattern: "OPS-\\d+", isRequired: false }),
      param({ name: "retries", type: "int", default: "3" }),
    ]);
  });

  it.each([
    ["params: [a, b]", 2, "write a list"],
    ["params:\n  1st: int", 3, "a name has letters"],
    ["params:\n  key: { type: secret, default: x }", 3, "a secret has no default"],
    ["params:\n  env: { type: enum }", 3, "needs options"],
    ["params:\n  env: { type: int, options: [a] }", 3, "needs options"],
    ["params:\n  n: { type: int, default: many }", 3, "its default must be a whole number"],
    ["params:\n  n: { pattern: '(' }", 3, "not a regular expression"],
    ["params:\n  n: { pattern: '(a+)+' }", 3, "must not repeat a group"],
    ["params:\n  n: { kind: int }", 3, "there is no kind"],
    ["params:\n  a b: int\n  a-b: int", 4, "declared twice"],
  ])("cost a wrong entry only, and say where and why: %s", (yaml, line, message) => {
    const { problems } = parse(yaml);
    expect(problems.filter(({ code }) => code !== "W401")).toEqual([
      { severity: "error", code: "E401", line, column: expect.any(Number), message: expect.stringContaining(message) },
    ]);
  });
});

describe("askedValues", () => {
  it("asks for each placeholder with its rule, however it is spelt, then for what was only declared", () => {
    const declared = [param({ name: "target-env", type: "bool" }), param({ name: "commit", type: "sha" })];
    expect(askedValues(["TARGET_ENV", "note"], declared)).toEqual([
      param({ name: "TARGET_ENV", type: "bool" }),
      param({ name: "note", isRequired: false }),
      param({ name: "commit", type: "sha" }),
    ]);
  });
});

describe("findValueProblem", () => {
  it.each<[Partial<RunbookParam>, string[], string[]]>([
    [{ type: "int" }, ["0", "-12"], ["1.5", "1e3", "one", "--1"]],
    [{ type: "bool" }, ["true", "false"], ["yes", "1"]],
    [{ type: "enum", options: ["a", "b c"] }, ["a", "b c"], ["b", "c", "A"]],
    [{ type: "sha" }, ["5104abc", "A".repeat(40)], ["5104ab", "main", "g".repeat(40)]],
    [{ type: "url" }, ["https://a/b?c", "http://a"], ["javascript:alert(1)", "https://", "ftp://a", "https://a b"]],
    [{ type: "duration" }, ["30s", "10m", "2h"], ["30", "1 h", "-1s"]],
    [{ pattern: "OPS-\\d+|none" }, ["OPS-12", "none"], ["OPS-", "xOPS-12", "OPS-12\u00a0", "OPS-12; reboot"]],
  ])("takes what %o means and nothing else", (rule, good, bad) => {
    for (const value of good) expect(findValueProblem(param(rule), value), value).toBeUndefined();
    for (const value of bad) expect(findValueProblem(param(rule), value), value).toBeTypeOf("string");
  });

  it("takes no value of several lines or with characters that cannot be seen, whatever the rule", () => {
    for (const rule of [{}, { pattern: "[^x]*" }, { type: "enum" as const, options: ["a\nb", "a\u202eb"] }]) {
      expect(findValueProblem(param(rule), "a\nb")).toBe("has a line break");
      expect(findValueProblem(param(rule), "a\u202eb")).toContain("cannot be seen");
    }
  });

  it("asks for what is needed only", () => {
    expect(findValueProblem(param({ type: "int" }), "")).toBe("is needed");
    expect(findValueProblem(param({ type: "int", isRequired: false }), "")).toBeUndefined();
  });
});

describe("findPatternProblem", () => {
  it.each(["[a-z]+-\\d{1,4}", "v\\d+\\.\\d+\\.\\d+", "(?:web|api)-[a-z]+", "(a)?b", "\\(x\\)+", "[)*]+", "\\p{L}+"])(
    "takes %s",
    (pattern) => {
      expect(findPatternProblem(pattern)).toBeUndefined();
    },
  );

  it.each([
    "(a+)+",
    "(a|a)*",
    "((a))*",
    "(?=a)b",
    "(a)\\1",
    "(?<!a)b",
    "a*a*a*a*a*",
    "a?".repeat(20),
    "(a|a)".repeat(15),
    "[",
    "(?:(?:a|b){2})+",
    "a{2,1}",
    "x".repeat(201),
  ])("refuses %s", (pattern) => {
    expect(findPatternProblem(pattern)).toBeTypeOf("string");
  });

  it("lets nothing through that keeps a matcher busy", () => {
    const part = fc.constantFrom(
      "a",
      "[ab]",
      "a*",
      "a+",
      "a?",
      "(a)",
      "(a|b)",
      "(a*)*",
      "(a|a)+",
      "(?:a?){9}",
      "b{1,9}",
      "|",
      "\\)",
      "(",
      ")",
      "*",
      "+",
    );
    const pattern = fc.array(part, { minLength: 1, maxLength: 24 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(pattern, (text) => {
        if (findPatternProblem(text) !== undefined) return;
        const started = performance.now();
        findValueProblem(param({ pattern: text }), `${"a".repeat(99)}!`);
        expect(performance.now() - started, text).toBeLessThan(2000);
      }),
      { numRuns: 2000 },
    );
  });
});
