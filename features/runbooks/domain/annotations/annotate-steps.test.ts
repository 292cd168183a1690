import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRunbook } from "../parse-runbook";
import { stepsOf } from "../step-tree";
import { evaluateExpression, findExpressionProblem } from "./expression";

const parse = (text: string) => parseRunbook({ path: "docs/thing.md", text });
const steps = (text: string) => stepsOf(parse(text).tree);
const rulesOf = (text: string) => steps(text).map(({ rules }) => rules);
const problemsOf = (text: string) =>
  parse(text).problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);

const DEPLOY = `---
params:
  commit: { type: sha, description: Commit to ship }
  env: { type: enum, options: [staging, production], default: staging }
roles: { driver: {}, approver: { distinct: true } }
---

# Deploy

- [ ] Take the deploy lock <!-- step id=lock role=driver evidence=output -->

  \`\`\`sh
  kamal lock acquire -m "migrating <commit>"
  \`\`\`

- [ ] A second maintainer agrees <!-- step id=agree approve=approver if="params.env == 'production'" -->
- [ ] Watch the backfill <!-- step id=backfill within=2h -->

  \`\`\`yaml check
  migration: backfill_projects
  expect: state == 'done' && failed == 0
  mode: auto
  \`\`\`

- [ ] Did errors rise? Choose one. <!-- step id=decide choose=one -->
  - [ ] No: carry on <!-- step id=ok -->
  - [ ] Yes: roll back <!-- step id=back runbook=./rollback.md -->

  \`\`\`yaml check
  prometheus: sum(rate(http_requests_total{status=~"5.."}[5m]))
  expect: value < 0.5
  for: 5m
  mode: info
  \`\`\`

- [ ] Release the lock: \`kamal lock release\` <!-- step id=unlock skip=never -->
`;

describe("annotateSteps", () => {
  it("reads a whole deploy: rules, roles and checks, without a problem", () => {
    expect(rulesOf(DEPLOY)).toEqual([
      { key: "lock", role: "driver", evidence: "output" },
      { key: "agree", approve: "approver", condition: "params.env == 'production'" },
      { key: "backfill", withinMs: 7_200_000 },
      { key: "decide", choose: "one" },
      { key: "ok" },
      { key: "back", runbook: "docs/rollback.md" },
      { key: "unlock", skip: "never" },
    ]);
    expect(problemsOf(DEPLOY)).toEqual([]);
    expect(parse(DEPLOY).tree.roles).toEqual([
      { name: "driver", isDistinct: false, team: "" },
      { name: "approver", isDistinct: true, team: "" },
    ]);
    const checks = steps(DEPLOY).flatMap(({ id, checks = [] }) => checks.map((check) => ({ id, ...check })));
    expect(checks).toMatchObject([
      { id: "3", probe: { kind: "migration", name: "backfill_projects" }, mode: "auto", everyMs: 30_000, forMs: 0 },
      { id: "4", probe: { kind: "prometheus" }, mode: "info", forMs: 300_000, timeoutMs: 1_800_000 },
    ]);
  });

  it("takes a comment alone below a step, and one that lost its indent with a warning", () => {
    expect(rulesOf("- [ ] a\n  <!-- step id=a wait=90s -->\n")).toEqual([{ key: "a", waitMs: 90_000 }]);
    const loose = "- [ ] a\n- [ ] b\n\n<!-- step id=b -->\n";
    expect(rulesOf(loose)).toEqual([undefined, { key: "b" }]);
    expect(problemsOf(loose)[0]).toContain("W202 4:1");
  });

  it("annotates steps that came from headings and from numbered lists", () => {
    expect(rulesOf("## 1. A <!-- step id=a -->\n\nx\n\n## 2. B\n\n<!-- step optional -->\n")).toEqual([
      { key: "a" },
      { isOptional: true },
    ]);
    expect(rulesOf("1. A <!-- step id=a -->\n2. B\n")).toEqual([{ key: "a" }, undefined]);
  });

  it("leaves comments between people alone", () => {
    const text =
      "- [ ] a <!-- step one is slow -->\n- [ ] b <!-- the step id is on the wall -->\n- [ ] c <!-- steps -->\n";
    expect(rulesOf(text)).toEqual([undefined, undefined, undefined]);
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    ["an unknown key", "id=a colour=red", "there is no colour"],
    ["a key given twice", "id=a id=b", "id is given twice"],
    ["a duration that is none", "wait=soon", "wait is a duration"],
    ["an expression that cannot be read", 'if="params."', "if cannot be read"],
    ["a condition over unknown names", 'if="env == 1"', "if cannot be read: Unknown variable: env"],
    ["quotes that stay open", 'confirm="x', "closed quotes"],
  ])("sets a comment with %s aside, says where and why, and shows the step", (_what, comment, reason) => {
    const text = `# T\n\n- [ ] Do it <!-- step ${comment} -->\n`;
    expect(problemsOf(text)[0]).toMatch(/^E203 3:13 /);
    expect(problemsOf(text)[0]).toContain(reason);
    expect(steps(text)).toHaveLength(1);
  });

  it("asks for a decision in words when what guarded a step cannot be read", () => {
    expect(rulesOf('- [ ] a <!-- step approve=x confirm="open -->\n')).toEqual([{ mustDecide: true }]);
    expect(rulesOf("- [ ] a <!-- step id=ok wait=later -->\n")).toEqual([{ mustDecide: true }]);
    expect(rulesOf("- [ ] a <!-- step id=ok wrong=1 -->\n")).toEqual([undefined]);
  });

  it("names what refers to nothing", () => {
    const text = `---\nroles: { driver: {} }\n---\n\n- [ ] a <!-- step id=a role=boss -->\n- [ ] b <!-- step id=a -->\n- [ ] c <!-- step if="steps['z'].state == 'done'" -->\n- [ ] d <!-- step choose=one -->\n- [ ] e <!-- step confirm=param:env undoes=q -->\n`;
    expect(parse(text).problems.map(({ code, line }) => `${code}:${line}`)).toEqual([
      "E206:5",
      "E201:6",
      "E205:7",
      "E208:8",
      "E207:9",
      "E210:9",
    ]);
  });

  it("says which runbook of a step is not in its source", () => {
    const text = "- [ ] a <!-- step runbook=./gone.md -->\n- [ ] b <!-- step runbook=../thing.md -->\n";
    const parsed = parseRunbook({ path: "docs/a.md", text, knownPaths: new Set(["docs/a.md", "thing.md"]) });
    expect(parsed.problems.map(({ code, line }) => `${code}:${line}`)).toEqual(["E501:1"]);
    expect(stepsOf(parsed.tree)[1]?.rules).toEqual({ runbook: "thing.md" });
  });

  it("keeps the steps of a section named Rollback for backing out, unless there is nothing else", () => {
    const marks = (text: string) => parse(text).tree.sections.map(({ title, isRollback }) => [title, isRollback]);
    expect(
      marks("## Do\n\n- [ ] a\n\n## Roll back\n\n- [ ] b\n\n### Deep\n\n- [ ] c\n\n## After\n\n- [ ] d\n"),
    ).toEqual([
      ["Do", undefined],
      ["Roll back", true],
      ["Deep", true],
      ["After", undefined],
    ]);
    expect(marks("## Rollback\n\n- [ ] a\n")).toEqual([["Rollback", undefined]]);
    expect(marks("---\nrollback: '#if-it-fails'\n---\n\n## Do\n\n- [ ] a\n\n## If it fails\n\n- [ ] b\n")).toEqual([
      ["Do", undefined],
      ["If it fails", true],
    ]);
  });

  it("never throws and never loses a step, whatever a comment or a check holds", () => {
    const anything = fc.string({ maxLength: 80 }).map((text) => text.replace(/[\r\n]|-->|`/g, " "));
    fc.assert(
      fc.property(anything, anything, (comment, check) => {
        const text = `- [ ] one <!-- step ${comment} -->\n\n  \`\`\`yaml check\n  ${check}\n  \`\`\`\n\n- [ ] two\n`;
        expect(steps(text)).toHaveLength(2);
      }),
      { numRuns: 300 },
    );
  });
});

describe("yaml check", () => {
  const check = (...lines: string[]) =>
    `- [ ] a\n\n  \`\`\`yaml check\n${lines.map((line) => `  ${line}\n`).join("")}  \`\`\`\n`;

  it.each([
    ["no question", ["expect: value > 1"], "E301 4:3 A check asks exactly one of prometheus"],
    ["two questions", ["migration: a", "prometheus: up", "expect: value > 1"], "E301"],
    ["no expectation", ["migration: a"], "expect is needed"],
    ["an expectation that is no expression", ["migration: a", "expect: state =="], "E302 5:3 expect cannot be read"],
    ["an expectation over unknown names", ["migration: a", "expect: speed > 1"], "E302 5:3"],
    ["a pattern", ["migration: a", "expect: state.matches('(a+)+')"], "matches(), which is not available"],
    [
      "a method that changes things",
      ["http: { url: https://x, method: POST }", "expect: status == 200"],
      "GET or HEAD",
    ],
    [
      "a credential",
      ["http: { url: https://x, headers: { Authorization: x } }", "expect: status == 200"],
      "no credentials",
    ],
    ["too short an interval", ["migration: a", "expect: state == 'done'", "every: 1s"], "every is 5s at least"],
    ["a misspelt option", ["migration: a", "expect: state == 'done'", "evry: 10s"], "has no evry"],
    ["text that is no YAML", ["migration: [a"], "E301"],
  ])("refuses %s, says where, and leaves the step to people", (_what, lines, told) => {
    const text = check(...lines);
    expect(problemsOf(text).join("\n")).toContain(told);
    expect(steps(text)[0]).toMatchObject({ id: "1" });
    expect(steps(text)[0]?.checks).toBeUndefined();
  });

  it("takes numbers and intervals as they are written", () => {
    const text = check("http: https://example.org/up", "expect: status == 200 && ms < 500", "every: 10s", "for: 1m");
    expect(problemsOf(text)).toEqual([]);
    expect(steps(text)[0]?.checks?.[0]).toMatchObject({
      probe: { kind: "http", url: "https://example.org/up", method: "GET" },
      everyMs: 10_000,
      forMs: 60_000,
      mode: "suggest",
    });
  });
});

describe("evaluateExpression", () => {
  const ask = (text: string, facts: Record<string, unknown>) => evaluateExpression("expectation", text, facts).value;

  it("answers true, false, or unknown where a fact is missing", () => {
    expect(ask("status == 200 && ms < 500", { status: 200, ms: 12.5 })).toBe(true);
    expect(ask("status == 200 && ms < 500", { status: 503, ms: 12.5 })).toBe(false);
    expect(ask("count == 0", {})).toBe("unknown");
    expect(ask("value < 0.5", { value: "n/a" })).toBe("unknown");
    expect(ask("json.ready", { json: { ready: "yes" } })).toBe("unknown");
    expect(ask("json.ready == true", { json: { ready: true } })).toBe(true);
  });

  it("refuses what could keep a process busy", () => {
    expect(findExpressionProblem("expectation", "json.a.all(x, json.b.all(y, x == y))")).toContain("more than once");
    expect(findExpressionProblem("expectation", `value == ${"1 + ".repeat(200)}1`)).toBeDefined();
  });

  it("has no way to the process", () => {
    expect(ask("json.constructor != null", { json: {} })).not.toBe(true);
    expect(ask("json['__proto__'] != null", { json: {} })).not.toBe(true);
  });
});
