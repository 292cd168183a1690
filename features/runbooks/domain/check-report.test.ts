import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCheckText, toGitHubAnnotations } from "./check-report";
import { problem } from "./problem";

const dead = problem("E501", { line: 3, column: 7 }, "There is no file b.md in this source.");
const files = [
  { path: "runbooks/a.md", problems: [dead, problem("W105", 1, "100 % sure")] },
  { path: "runbooks/c.md", problems: [] },
];

describe("toCheckText", () => {
  it("writes a line a problem at file, line and column, and the sum last", () => {
    expect(toCheckText(files).split("\n")).toEqual([
      "runbooks/a.md:3:7: error E501 There is no file b.md in this source.",
      "runbooks/a.md:1:1: warning W105 100 % sure",
      "2 runbooks, 1 error, 1 warning.",
    ]);
    expect(toCheckText([{ path: "a.md", problems: [] }])).toBe("1 runbook, no problems.");
  });
});

describe("toGitHubAnnotations", () => {
  it("makes each problem a workflow command", () => {
    expect(toGitHubAnnotations(files).split("\n").slice(0, 2)).toEqual([
      "::error file=runbooks/a.md,line=3,col=7,title=E501::There is no file b.md in this source.",
      "::warning file=runbooks/a.md,line=1,col=1,title=W105::100 %25 sure",
    ]);
  });

  it("lets no path and no message begin a command of its own", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (path, message) => {
        const text = toGitHubAnnotations([{ path, problems: [problem("E101", 1, message)] }]);
        expect(text.split(/\r\n?|\n/)).toHaveLength(2);
        const properties = /^::error (.*?)::/.exec(text)?.[1]?.split(",") ?? [];
        expect(properties.map((property) => property.split("=", 1)[0])).toEqual(["file", "line", "col", "title"]);
      }),
    );
  });
});
