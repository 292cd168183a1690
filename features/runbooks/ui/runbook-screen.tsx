import { BookOpen } from "lucide-react";
import { PageHeader } from "@/components/shell/page-header";
import { Card, CardHeader } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { routes } from "@/lib/routes";
import type { RunbookDetail } from "../contract";
import { refusalToStart } from "../domain/runbook-kind";
import { MarkdownFile } from "./markdown/markdown-file";
import { RunbookFacts } from "./runbook-facts";
import { RunbookOutline } from "./runbook-outline";
import { RunbookProblems } from "./runbook-problems";
import { RunbookRuns } from "./runbook-runs";
import { StartRun } from "./start-run";

/** One runbook to read: rendered text, outline, what is doubtful about it, who followed it, and the way to start. */
export function RunbookScreen({ runbook }: { runbook: RunbookDetail }) {
  const { text, tree, path, idByPath } = runbook;
  const file = new MarkdownFile({ text, tree, place: { path, idByPath } });
  return (
    <>
      <PageHeader
        title={runbook.title}
        breadcrumb={[{ label: "Runbooks", href: routes.runbooks() }, { label: runbook.title }]}
        actions={
          refusalToStart(runbook) === undefined && (
            <StartRun
              runbookId={runbook.id}
              title={runbook.title}
              stepCount={runbook.stepCount}
              asked={runbook.asked}
              caution={runbook.caution}
            />
          )
        }
      />
      <RunbookFacts runbook={runbook} />
      <div className="mt-4 grid grid-cols-[minmax(0,1fr)_300px] items-start gap-6 max-desk:grid-cols-1 print:block">
        <div className="min-w-0">
          {runbook.stepCount === 0 && <ReferenceNote runbook={runbook} />}
          <Card className="px-7 py-6 max-phone:-mx-3.5 max-phone:rounded-none max-phone:border-x-0 max-phone:px-3.5 max-phone:py-4 print:border-0 print:p-0">
            {file.whole({ skipTitle: runbook.title })}
          </Card>
        </div>
        <aside
          aria-label="About this runbook"
          className="no-print sticky top-16 grid gap-4 max-desk:static max-desk:row-start-1 max-desk:grid-cols-2 max-phone:grid-cols-1"
        >
          {file.outline.length > 1 && (
            <Card aria-labelledby="outline-title">
              <CardHeader
                id="outline-title"
                title="Outline"
                meta={runbook.stepCount > 0 && `${runbook.stepCount} steps`}
              />
              <RunbookOutline outline={file.outline} />
            </Card>
          )}
          <RunbookProblems problems={runbook.problems} />
          <RunbookRuns runbookId={runbook.id} />
        </aside>
      </div>
    </>
  );
}

function ReferenceNote({ runbook }: { runbook: RunbookDetail }) {
  return (
    <div className="no-print mb-3 flex gap-2.5 rounded-lg border border-line bg-surface px-3.5 py-2.5">
      <BookOpen className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
      <p className="text-ink-2">
        <Chip className="mr-2">Reference</Chip>
        {runbook.isTemplate
          ? "A form to copy: files whose names start with an underscore are never started."
          : "No steps found, so there is nothing to tick: read it and copy what you need. A task list (- [ ]), numbered headings or a numbered list would make it a checklist."}
      </p>
    </div>
  );
}
