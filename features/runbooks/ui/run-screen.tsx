import type { ReactNode } from "react";
import type { RunDetail } from "../contract";
import { stepsOf } from "../domain/step-tree";
import { MarkdownFile } from "./markdown/markdown-file";
import { RunBoard } from "./run-board";
import type { ShownSection } from "./shown-steps";

/** One run: the text it is pinned to, rendered here on the server, and the live state around it in the browser. */
export function RunScreen({ run, idByPath }: { run: RunDetail; idByPath: Record<string, string> }) {
  const { text, tree, params, runbookNow, usualDuration, ...snapshot } = run;
  const file = new MarkdownFile({ text, tree, place: { path: run.path, idByPath, values: params } });
  const titles: Record<string, ReactNode> = {};
  const bodies: Record<string, ReactNode> = {};
  for (const step of stepsOf(tree)) {
    titles[step.id] = file.title(step);
    bodies[step.id] = step.body.length === 0 ? undefined : file.blocks(step.body);
  }
  return (
    <RunBoard
      initial={snapshot}
      params={params}
      roles={tree.roles?.map(({ name }) => name) ?? []}
      canBackOut={tree.sections.some(
        ({ isRollback, items }) => isRollback && items.some(({ kind }) => kind === "step"),
      )}
      runbookNow={runbookNow}
      usualDuration={usualDuration}
      sections={toSections(run, file)}
      titles={titles}
      bodies={bodies}
    />
  );
}

/** Text between steps stays where its author put it; sections without steps are kept to be unfolded. */
function toSections({ tree, title }: RunDetail, file: MarkdownFile): ShownSection[] {
  const shown = tree.sections.map((section) => {
    const parts: ShownSection["parts"] = [];
    for (const item of section.items) {
      if (item.kind === "step") {
        const { id, title: plainTitle, depth, rules = {}, checks = [] } = item.step;
        parts.push({ kind: "step", id, title: plainTitle, depth, rules, checks });
        continue;
      }
      const prose = file.blocks([item.range]);
      if (prose !== undefined) parts.push({ kind: "prose", key: String(item.range.start), prose });
    }
    const isPageTitle = section.depth === 1 && section.title === title;
    return { key: String(section.line), title: isPageTitle ? "" : section.title, parts };
  });
  return shown.filter(({ parts, title: heading }) => parts.length > 0 || heading !== "");
}
