import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRunbook } from "./parse-runbook";
import { stepsOf } from "./step-tree";

const parse = (text: string, path = "docs/thing.md") => parseRunbook({ path, text });
const outline = (text: string) => stepsOf(parse(text).tree).map(({ id, title }) => `${id} ${title}`);
const codes = (text: string) => parse(text).problems.map(({ code, line }) => `${code}:${line}`);

describe("parseRunbook", () => {
  it("makes a catalogue of commands a reference, finds what to fill in, and flags a link without a scheme", () => {
    const text =
      "# Kamal\n\n[App](github.com/a/b) deploys.\n\n**Proxy**\n\n```bash\nkamal rollback <git-commit-hash>\n```\n";
    expect(parse(text)).toMatchObject({ kind: "reference", stepCount: 0, placeholders: ["git-commit-hash"] });
    expect(codes(text)).toEqual(["E502:3"]);
  });

  it("joins a numbered list that broke on unindented code, with the blocks between in the step above", () => {
    const text =
      "# Monit\n\n## Setup\n\n1. Install\n\n```bash\nbrew install monit\n```\n\nIt watches:\n\n- Redis\n\n2. Restart\n\n```bash\nmonit reload\n```\n";
    const steps = stepsOf(parse(text).tree);
    expect(steps.map(({ title, body }) => [title, body.length])).toEqual([
      ["Install", 3],
      ["Restart", 1],
    ]);
    expect(codes(text)).toEqual(["W210:15"]);
  });

  it("takes numbered headings as steps and leaves the rest as reference", () => {
    const text =
      "# Deploy\n\n## Quick start\n\n### 1. Set up\n\nDo.\n\n### 2. Secrets\n\n#### Why\n\nx\n\n### Step 3: Ship\n\n## Trouble\n\n### It hangs\n\n1. a\n2. b\n";
    expect(outline(text)).toEqual(["1 Set up", "2 Secrets", "3 Ship"]);
    expect(parse(text).tree.rule).toBe("headings");
  });

  it("finds nested tasks among plain bullets, keeps the bullets as notes, and numbers by place, not by heading", () => {
    const text =
      "## Step 1\n\n* [ ] Check\n  * a note\n  * [ ] Part one\n  * [ ] Part\n    two\n* plain\n  * [ ] Under plain\n\n## Step 1\n\n- [x] Last\n";
    expect(outline(text)).toEqual(["1 Check", "1.1 Part one", "1.2 Part two", "2 Under plain", "3 Last"]);
    expect(stepsOf(parse(text).tree)[0]?.body).toHaveLength(1);
    expect(codes(text)).toEqual(["W204:13"]);
  });

  it("counts a list on in which every item is written 1. and its code stands outside", () => {
    const text = "## Do\n\n1. One\n\n```sh\na\n```\n\n- note\n\n1. Two\n\n```sh\nb\n```\n\n1. Three\n";
    expect(outline(text)).toEqual(["1 One", "2 Two", "3 Three"]);
  });

  it("takes only the lists below Diagnosis and Mitigation of an alert's runbook", () => {
    const text =
      "# DiskFull\n\n## Meaning\n\n1. x\n2. y\n\n## Diagnosis\n\n1. Look\n\n## Mitigation\n\n1. Free\n2. Grow\n";
    expect(parse(text, "alerts/DiskFull.md")).toMatchObject({ kind: "alert", alerts: ["DiskFull"] });
    expect(outline(text)).toEqual(["1 Look", "2 Free", "3 Grow"]);
  });

  it("joins lists that start where the former ended and keeps code inside an item in its body", () => {
    const text = "## Do\n\n1. One\n\n   ```console\n   $ oc get pods\n   NAME\n   ```\n\nText.\n\n2. Two\n3. Three\n";
    expect(outline(text)).toEqual(["1 One", "2 Two", "3 Three"]);
    expect(stepsOf(parse(text).tree)[0]?.body).toHaveLength(2);
  });

  it("reads issue templates: foreign keys ignored, comments not shown, slash commands kept as text", () => {
    const text =
      "---\nname: 'Cut {{ v }}'\nabout: x\nlabels: [a]\n---\n\n- [ ] Tag <!-- the tag -->\n- [ ] Comment `/assign`\n";
    expect(outline(text)).toEqual(["1 Tag", "2 Comment /assign"]);
    expect(codes(text)).toEqual([]);
  });

  it("does not take an empty box for a step", () => {
    const text = "- [ ] Captain: go\n- [ ]\n";
    expect(outline(text)).toEqual(["1 Captain: go"]);
    expect(codes(text)).toEqual(["W211:2"]);
  });

  it("names the cure for an owner that YAML misreads, and shows the body all the same", () => {
    expect(codes("---\nowner: @org/x\n---\n\n- [ ] a\n")).toEqual(["E106:2"]);
    expect(codes("---\nowner: #infra\n---\n\n- [ ] a\n")).toEqual(["E106:2"]);
    expect(outline("---\nowner: @org/x\n---\n\n- [ ] a\n")).toEqual(["1 a"]);
  });

  it.each([
    ["E104:1", "---\ntitle: x\n\n# Never closed\n"],
    ["W110:2", "\n---\ntitle: x\n---\n\n# Late\n"],
    ["E101:3", "---\na: 1\na: 2\n---\n"],
    ["E103:2", "---\nkind: recipe\n---\n"],
    ["W402:1", "Install <version> now.\n"],
    ["W602:1", "::: note\n"],
    ["W504:1", "![x](https://example.org/x.png)\n"],
  ])("reports %s with its line", (expected, text) => {
    expect(codes(text)).toContain(expected);
  });

  it("refuses an alias bomb, code in YAML and a front matter that is too long without failing", () => {
    const bomb = `---\na: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n---\n- [ ] x\n`;
    expect(codes(bomb)).toEqual(["E101:1"]);
    expect(parse("---js\nmodule.exports = process.exit()\n---\n").problems).toEqual([]);
    expect(codes(`---\na: ${"x".repeat(17_000)}\n---\n`)).toEqual(["E105:1"]);
  });

  it("reads a file with Windows line ends", () => {
    const text = "---\r\ntitle: T\r\n---\r\n\r\n# T\r\n\r\n- [ ] a\r\n- [ ] b\r\n";
    expect(outline(text)).toEqual(["1 a", "2 b"]);
    expect(parse(text).title).toBe("T");
  });

  it("gives up on depth and length in no time, and says so", () => {
    const deep = Array.from({ length: 500 }, (_, depth) => `${"  ".repeat(depth)}- x`).join("\n");
    expect(codes(deep)).toEqual(["E108:1"]);
    expect(codes(`${"> ".repeat(5000)}x`)).toEqual(["E108:1"]);
    expect(codes("a".repeat(300_000))).toEqual(["E107:1"]);
  });

  it.each(["*a_", "[", "~~a", "[^a]", "- [ ] x\n"])("gives up on a tangle of %j in no time, and says so", (piece) => {
    const startedMs = performance.now();
    expect(codes(piece.repeat(30_000))).toEqual(["E108:1"]);
    expect(performance.now() - startedMs).toBeLessThan(1000);
  });

  it("reads a long procedure with tables and code", () => {
    const section = `- [ ] Step *one*\n\n\`\`\`sh\n${"[[ $a_b == `c` ]] && echo *\n".repeat(20)}\`\`\`\n\n${"| a | `b` |\n".repeat(20)}\n`;
    expect(codes(section.repeat(150))).not.toContain("E108:1");
  });

  it("reads a table of a thousand rows, and nothing that only looks like one", () => {
    const rows = "| [a_b](c) | `d` | *e* |\n".repeat(1000);
    expect(codes(`| a | b | c |\n|---|:-:|---|\n${rows}`)).not.toContain("E108:1");
    expect(codes(`| a | b |\n|---|:-:|---|\n${rows}`)).toEqual(["E108:1"]);
  });

  it("stops at five hundred steps and keeps the rest as text", () => {
    const parsed = parse(Array.from({ length: 600 }, (_, at) => `- [ ] ${at}`).join("\n"));
    expect(parsed.stepCount).toBe(500);
    expect(parsed.problems.map(({ code }) => code)).toEqual(["E209"]);
  });

  it("never throws, whatever the text, and points only into the text", () => {
    const piece = fc.constantFrom(
      ..."---\n|\n|- [ ] |1. |2) |# |### 1. x\n|```\n|> [!NOTE]\n|<b>|<!-- step id=a -->|[x](|)|*|_|`|\\|&|\0|  |\t|- |owner: @a\n|| a | b |\n|--|--|\n|[^1]: |~~|\u{1F680}|x".split(
        "|",
      ),
    );
    const text = fc
      .array(fc.oneof(piece, fc.string({ unit: "binary", maxLength: 5 })), { maxLength: 60 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, (source) => {
        const parsed = parse(source);
        const ids = stepsOf(parsed.tree).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length).toBe(parsed.stepCount);
        const lines = source.split(/\r\n?|\n/).length;
        for (const { line } of parsed.problems) expect(line).toBeLessThanOrEqual(lines + 1);
        for (const step of stepsOf(parsed.tree))
          for (const { end } of step.body) expect(end).toBeLessThanOrEqual(source.length);
      }),
      { numRuns: 300 },
    );
  });
});
