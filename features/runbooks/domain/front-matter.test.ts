import { describe, expect, it } from "vitest";
import { parseFrontMatter } from "./front-matter";
import { parseDurationMs } from "./front-matter-fields";
import { askedValues } from "./params";
import { parseRunbook } from "./parse-runbook";
import { cautionToStart } from "./runbook-care";
import { stepsOf } from "./step-tree";

const DAY_MS = 86_400_000;
const parse = (fields: string, body = "- [ ] a\n") =>
  parseRunbook({ path: "docs/thing.md", text: `---\n${fields}\n---\n\n${body}` });
const problemsOf = (fields: string, body?: string) =>
  parse(fields, body).problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`);

describe("front matter", () => {
  it("reads every field of the format, and leaves other tools' fields alone", () => {
    const runbook = parse(
      [
        "id: deploy/web",
        "title: Deploy",
        "owner_slack: '#infra'",
        "alerts: [HighErrorRate, { name: Slow, match: { service: web } }]",
        "review_in: 6 months",
        "last_reviewed_on: 2026-03-01",
        "order: strict",
        "concurrency: one",
        "risk: high",
        "expected: 20m",
        "drill: { every: 90d, environment: staging }",
        "layout: manual_layout",
        "weight: 20",
      ].join("\n"),
    );
    expect(runbook).toMatchObject({ ownId: "deploy/web", owners: ["#infra"], alerts: ["HighErrorRate", "Slow"] });
    expect(runbook.care).toEqual({
      risk: "high",
      isUnread: false,
      order: "strict",
      concurrency: "one",
      expectedMs: 1_200_000,
      reviewInMs: 180 * DAY_MS,
      reviewedAtMs: Date.UTC(2026, 2, 1),
      drill: { everyMs: 90 * DAY_MS, environment: "staging" },
      alertMatches: [{ name: "Slow", match: { service: "web" } }],
    });
    expect(runbook.problems).toEqual([]);
  });

  it.each([
    ["title: T\nkind: recipe", "E103 3:7 kind: use one of procedure, alert, reference, drill."],
    ["risk: enormous", "E103 2:7 risk: use one of low, medium, high."],
    ["review_in: soon", "E103 2:12 review_in: write a duration, such as 90d or 6 months."],
    ["reviewed: 3/4/2026", "E103 2:11 reviewed: write a date, such as 2026-11-24."],
    ["id: No Way", "E103 2:5 id: use small letters, digits, - and /, starting with a letter or digit."],
    ["title: [a]", "E103 2:8 title: must be a text."],
    ["tags: { a: b }", "E103 2:7 tags: write a word, or a list of words."],
    ["a: 1\na: 2", "E101 3:1 The front matter is not YAML: this name is given twice: keep one."],
    ["owner: @org/x", 'E106 2:1 owner: put the value in quotes, as in owner: "@team" or owner: "#channel".'],
    ["owner_slack: #x", 'E106 2:1 owner: put the value in quotes, as in owner: "@team" or owner: "#channel".'],
    [
      "risk: high\ndrill: { every: 90d }",
      "W109 3:1 A drill of a runbook with high risk needs an environment: add one, such as environment: staging.",
    ],
    ["steps: bullets", "W108 1:1 steps: bullets was asked for, and the file has none.", "text\n"],
  ])("says of %j what is wrong, where, and what to write", (fields, message, body = "- [ ] a\n") => {
    expect(problemsOf(fields, body)).toEqual([message]);
  });

  it("takes the most care where it could not be read, and the body all the same", () => {
    for (const text of [
      "---\na: [\n---\n\n- [ ] x\n",
      "---\nrisk: low\n\n- [ ] x\n",
      "\n---\nrisk: low\n---\n\n- [ ] x\n",
    ]) {
      const { care, stepCount } = parseRunbook({ path: "a.md", text });
      expect([text, care.risk, stepCount]).toEqual([text, "high", 1]);
      expect(cautionToStart(care)).toContain("could not be read");
    }
    expect(parse("risk: enormous").care).toMatchObject({ risk: "high", isUnread: true });
    expect(parse("kind: recipe").care).toMatchObject({ risk: "low", isUnread: false });
    expect(cautionToStart(parse("risk: high").care)).toContain("high risk");
    expect(cautionToStart(parse("risk: medium").care)).toBeUndefined();
  });

  it("takes a rule across the page at the top of a file for what it is", () => {
    expect(parseFrontMatter("---\n\nSome words\n")).toMatchObject({ problems: [], isUnread: false });
  });

  it("makes a step of every bullet only where its author asks for it", () => {
    const body = "- Restart\n- Look\n  - here\n";
    expect(stepsOf(parse("title: T", body).tree)).toEqual([]);
    expect(stepsOf(parse("steps: bullets", body).tree).map(({ title }) => title)).toEqual(["Restart", "Look"]);
  });

  it("names what to fill in that is not declared where other values are, and never asks for a secret", () => {
    const fields = "params:\n  commit: sha\n  token: { type: secret, env: API_TOKEN }";
    const body = "- [ ] Run `ship <commit> <TOKEN> <other>`\n";
    expect(problemsOf(fields, body)).toEqual([
      "W401 7:11 <other> is not declared: add it to params, so that its value is checked.",
    ]);
    const { placeholders, params } = parse(fields, body);
    expect(askedValues(placeholders, params).map(({ name }) => name)).toEqual(["commit", "other"]);
  });

  it("knows an archived runbook by its heading, and asks its author to say so", () => {
    const runbook = parse("tags: [a]", "# Old (archived)\n");
    expect(runbook.status).toBe("archived");
    expect(runbook.problems.map(({ code }) => code)).toEqual(["W104"]);
  });

  it.each([
    ["90d", 90 * DAY_MS],
    ["6 months", 180 * DAY_MS],
    ["1 year", 365 * DAY_MS],
    ["20m", 1_200_000],
    ["2 weeks", 14 * DAY_MS],
    ["30s", 30_000],
    ["90", undefined],
    ["a day", undefined],
  ])("reads %s as a duration", (text, expected) => {
    expect(parseDurationMs(text)).toBe(expected);
  });
});
