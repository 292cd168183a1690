import { Card, CardHeader } from "@/components/ui/card";
import { StateGlyph } from "@/components/ui/state-glyph";
import type { RunbookDetail } from "../contract";

/** What the author should look at; with the line, the code and the way to put it right. */
export function RunbookProblems({ problems }: { problems: RunbookDetail["problems"] }) {
  if (problems.length === 0) return null;
  return (
    <Card aria-labelledby="problems-title">
      <CardHeader id="problems-title" title="Problems" meta={problems.length} />
      <ul className="max-h-[40vh] overflow-y-auto border-t border-line py-1">
        {problems.map((problem) => (
          <li
            key={`${problem.code}-${problem.line}-${problem.message}`}
            className="grid grid-cols-[12px_minmax(0,1fr)] gap-2 px-4 py-1.5 text-sm"
          >
            <StateGlyph
              tone={problem.severity === "error" ? "bad" : "warn"}
              label={problem.severity}
              className="mt-0.5"
            />
            <p className="min-w-0 break-words">
              <span className="text-ink-3">
                Line {problem.line}, <span className="mono">{problem.code}</span>:
              </span>{" "}
              {problem.message}
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
