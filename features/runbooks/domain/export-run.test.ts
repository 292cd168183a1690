import { describe, expect, it } from "vitest";
import { type ExportedRun, toCsv, toMarkdown } from "./export-run";
import { parseMarkdown, walkMarkdown } from "./markdown-tree";

const at = "2026-01-01T00:00:00.000Z";
const runWith = (text: string): ExportedRun => ({
  id: "7",
  title: text,
  runbookId: "ops/deploy",
  commit: "0123456789abcdef",
  blob: "b",
  status: "finished",
  startedBy: "Asha",
  startedAt: at,
  endedBy: "Mateo",
  endedAt: at,
  endReason: "",
  params: { env: text },
  roles: { driver: "Asha", approver: "" },
  steps: [{ id: "1", key: "lock", title: text, status: "not-applicable", by: "Asha", at, text }],
  events: [
    { sequence: 1, type: "start", stepId: null, actor: "Asha", at, text: "" },
    { sequence: 2, type: "tick", stepId: "1", actor: text, at, text, data: { evidence: text, madeAt: at } },
  ],
});
const HOSTILE = [
  "=1+1",
  "-2",
  "@sum",
  '+"x"',
  'a "b", c',
  "two\nlines",
  "<img src=x onerror=alert(1)>",
  "[x](javascript:y)",
  "| a | b |",
  "# head",
  "&lt;b&gt;",
];

describe("toCsv", () => {
  it("has one line an event and every word of it, quoted where it must be", () => {
    const csv = toCsv(runWith('a "b", c'));
    expect(csv.split("\r\n")[0]).toBe("sequence,at,made_at,actor,type,step,step_title,text,evidence");
    expect(csv).toContain('2,2026-01-01T00:00:00.000Z,2026-01-01T00:00:00.000Z,"a ""b"", c",tick,1,"a ""b"", c"');
  });

  it.each(HOSTILE)("never begins a cell like a formula: %s", (text) => {
    for (const cell of toCsv(runWith(text)).split(/,|\r\n/))
      expect(cell.replace(/^"/, "")).not.toMatch(/^[=+@\t]|^-\D/);
  });
});

describe("toMarkdown", () => {
  it("tells what it was, its steps and its timeline", () => {
    const text = toMarkdown(runWith("Take the lock"));
    expect(text).toContain("# Run 7: Take the lock");
    expect(text).toContain("- Runbook: ops/deploy at 0123456789ab");
    expect(text).toContain("| 1 | Take the lock | not applicable | Asha |");
    expect(text).toContain(
      "ticked step 1 (done at 2026-01-01T00:00:00.000Z, sent later): Take the lock [evidence: Take the lock]",
    );
    expect(text).not.toContain("approver");
  });

  it.each(HOSTILE)("makes no markup of words: %s", (words) => {
    const kinds: string[] = [];
    const root = parseMarkdown(toMarkdown(runWith(words)));
    if (root !== undefined) walkMarkdown(root, ({ type }) => kinds.push(type));
    for (const kind of ["html", "link", "image", "code", "emphasis"]) expect(kinds).not.toContain(kind);
    expect(kinds.filter((kind) => kind === "heading")).toHaveLength(3);
    expect(kinds.filter((kind) => kind === "tableRow")).toHaveLength(2);
  });
});
