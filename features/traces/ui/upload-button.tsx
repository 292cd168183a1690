"use client";

import { useMutation } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRef } from "react";
import { ErrorState } from "@/components/states/error-state";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { formatBytes, formatCount, formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import { MAX_UPLOAD_BYTES } from "../contract";
import { uploadTrace } from "../queries";

/** Opens a trace file (OTLP or Jaeger JSON, also gzipped): one trace at once, several by a list. */
export function UploadButton() {
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const upload = useMutation({
    mutationFn: (file: File) => uploadTrace(file),
    onSuccess: ({ traces }) => {
      const [first, second] = traces;
      if (first !== undefined && second === undefined) router.push(routes.trace(first.traceId));
    },
  });
  const traces = upload.data?.traces ?? [];
  return (
    <>
      <input
        accept=".json,.gz,.jsonl,application/json"
        aria-label="Trace file"
        className="sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file !== undefined) upload.mutate(file);
        }}
        ref={input}
        tabIndex={-1}
        type="file"
      />
      <Button
        aria-busy={upload.isPending}
        disabled={upload.isPending}
        icon={<Upload aria-hidden />}
        onClick={() => input.current?.click()}
        size="sm"
        title={`OTLP or Jaeger JSON, up to ${formatBytes(MAX_UPLOAD_BYTES)}`}
      >
        {upload.isPending ? "Reading the file" : "Open file"}
      </Button>
      <Dialog
        onOpenChange={(isOpen) => !isOpen && upload.reset()}
        open={upload.isError || traces.length > 1 || (upload.isSuccess && traces.length === 0)}
        title={upload.isError ? "This file was not read" : `${formatCount(traces.length)} traces in this file`}
      >
        {upload.isError && <ErrorState problem={upload.error} />}
        <ul className="grid gap-1">
          {traces.map((trace) => (
            <li key={trace.traceId}>
              <Link className="link" href={routes.trace(trace.traceId)}>
                {trace.rootOperation || trace.traceId}
              </Link>{" "}
              <span className="text-ink-3">
                {formatDuration(trace.durationUs)}, {formatCount(trace.spanCount)} spans
              </span>
            </li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
