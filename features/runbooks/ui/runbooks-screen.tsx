"use client";

import { NotebookText, Search } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import { type ReactNode, useState } from "react";
import { useLiveQuery } from "@/components/hooks/use-live-query";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { ErrorState } from "@/components/states/error-state";
import { LoadingCard } from "@/components/states/loading-card";
import { StaleNote } from "@/components/states/stale-note";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Select } from "@/components/ui/select";
import { routes } from "@/lib/routes";
import type { RunbookList } from "../contract";
import { KIND_LABELS, RUNBOOK_KINDS, type RunbookKind } from "../domain/runbook-kind";
import { runbookListQuery } from "../queries";
import { ActiveRuns } from "./active-runs";
import { RunbookTable } from "./runbook-table";
import { SourceList } from "./source-list";

/** All runbooks: find one, see what is fresh, what is broken, and what is being followed right now. */
export function RunbooksScreen() {
  const params = useSearchParams();
  const router = useRouter();
  const [words, setWords] = useState(params.get("q") ?? "");
  const kind = RUNBOOK_KINDS.find((name) => name === params.get("kind"));
  const source = params.get("source") ?? undefined;
  const query = { q: words.trim().slice(0, 200), ...(kind && { kind }), ...(source && { source }) };
  const list = useLiveQuery({ ...runbookListQuery(query), placeholderData: (previous) => previous });
  const setParam = (name: string, value: string | undefined) => {
    const next = { q: words.trim() || undefined, kind, source, [name]: value };
    router.replace(routes.runbooks(next), { scroll: false });
  };
  const handleWords = (text: string) => {
    setWords(text);
    globalThis.history.replaceState(null, "", routes.runbooks({ q: text.trim() || undefined, kind, source }));
  };
  return (
    <>
      <PageHeader
        title="Runbooks"
        breadcrumb={[{ label: "Runbooks" }]}
        meta={list.problem !== undefined && list.data !== undefined && <StaleNote at={list.dataAt} />}
      />
      {list.data && <SourceList sources={list.data.sources} />}
      <ActiveRuns />
      <div className="mt-3.5 mb-2.5 flex flex-wrap items-center gap-2">
        <div className="relative w-[300px] max-phone:w-full">
          <Search
            className="pointer-events-none absolute top-1/2 left-2.5 size-3.5 -translate-y-1/2 text-ink-3"
            aria-hidden
          />
          <Input
            type="search"
            aria-label="Search runbooks"
            placeholder="Title, command, alert, owner"
            className="pl-8"
            value={words}
            maxLength={200}
            onChange={(event) => handleWords(event.target.value)}
          />
        </div>
        <div className="max-w-full overflow-x-auto">
          <Segmented
            label="Kind"
            value={kind ?? "all"}
            onChange={(value) => setParam("kind", value === "all" ? undefined : value)}
            options={kindOptions(list.data)}
          />
        </div>
        {(list.data?.sources.length ?? 0) > 1 && (
          <Select
            aria-label="Source"
            value={source ?? ""}
            onChange={(event) => setParam("source", event.target.value || undefined)}
          >
            <option value="">Every source</option>
            {list.data?.sources.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
      </div>
      <RunbookResults list={list} words={words} onClear={() => handleWords("")} />
    </>
  );
}

type KindOption = { value: RunbookKind | "all"; label: ReactNode };

function kindOptions(data: RunbookList | undefined): KindOption[] {
  const counts = data?.countByKind;
  const all = counts === undefined ? undefined : RUNBOOK_KINDS.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);
  const label = (text: string, count: number | undefined) => (
    <>
      {text} {count !== undefined && <span className="text-ink-3">{count}</span>}
    </>
  );
  return [
    { value: "all", label: label("All", all) },
    ...RUNBOOK_KINDS.map((kind) => ({ value: kind, label: label(KIND_LABELS[kind], counts?.[kind]) })),
  ];
}

type RunbookResultsProps = {
  list: { data: RunbookList | undefined; problem: Error | undefined; retry: () => void };
  words: string;
  onClear: () => void;
};

function RunbookResults({ list, words, onClear }: RunbookResultsProps) {
  const { data, problem } = list;
  if (data === undefined) {
    return problem === undefined ? (
      <LoadingCard rows={8} rowHeightPx={52} />
    ) : (
      <Card>
        <ErrorState problem={problem} onRetry={list.retry} />
      </Card>
    );
  }
  if (data.runbooks.length > 0)
    return <RunbookTable runbooks={data.runbooks} hasSeveralSources={data.sources.length > 1} />;
  if (data.total > 0) {
    return (
      <EmptyState
        icon={<Search />}
        title="No runbook matches"
        action={<Button onClick={onClear}>Clear the search</Button>}
      >
        {words.trim() === "" ? "Choose another kind or source." : `Nothing has every word of “${words.trim()}”.`}
      </EmptyState>
    );
  }
  if (
    data.sources.some(({ syncedAt, failure }) => syncedAt === null && failure === null) ||
    data.sources.length === 0
  ) {
    return (
      <EmptyState icon={<NotebookText />} title="The sources are being read">
        Runbooks appear here as soon as the worker has read them, which takes a few seconds.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<NotebookText />} title="No runbooks yet">
      Any Markdown file is a runbook: put one into a folder above, or name your own folders and repositories in{" "}
      <code className="mono">RUNBOOKS</code>, for example{" "}
      <code className="mono">RUNBOOKS=docs/runbooks,git+https://github.com/you/infra#main:runbooks/**</code>.
    </EmptyState>
  );
}
