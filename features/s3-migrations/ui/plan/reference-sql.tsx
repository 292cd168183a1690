"use client";

import { useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import type { References } from "../../domain/reference-sql";
import { s3ReferencesQuery, s3ReferencesUrl } from "../../queries";

const FILES = [
  { value: "apply", label: "Apply" },
  { value: "undo", label: "Undo" },
] as const;
type File = (typeof FILES)[number]["value"];

/** The two files: what moves the references, and what takes that back. */
export function ReferenceSql({ id, references }: { id: string; references: References }) {
  const [file, setFile] = useState<File>("apply");
  const { data, error, refetch } = useQuery(s3ReferencesQuery(id, file, references));
  return (
    <div className="grid gap-2 border-t border-line pt-3">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented label="File" value={file} onChange={setFile} options={FILES} />
        <span className="ml-auto flex flex-wrap items-center gap-2 max-phone:ml-0">
          {data?.isCut === true && <span className="text-sm text-ink-3">The beginning; the file has all of it.</span>}
          {data?.isCut === false && <CopyButton text={data.text} label={`the SQL to ${file}`} />}
          <Button asChild size="sm" icon={<Download aria-hidden />}>
            <a href={s3ReferencesUrl(id, file, references)} download="">
              Download {file}.sql
            </a>
          </Button>
        </span>
      </div>
      {error !== null && <ErrorState problem={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <Skeleton className="h-60 w-full" />}
      {data !== undefined && (
        <section
          aria-label={`SQL to ${file}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="max-h-96 overflow-auto rounded-md border border-line bg-sunken"
        >
          <pre className="mono px-3 py-2 text-ink">{data.text}</pre>
        </section>
      )}
      <p className="text-sm text-ink-3">
        Read it, try it on a copy, then run it with{" "}
        <span className="mono">psql --set ON_ERROR_STOP=1 --file {file}.sql your_database</span>.
      </p>
    </div>
  );
}
