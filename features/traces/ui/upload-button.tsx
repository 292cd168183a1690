"use client";

import { useMutation } from "@tanstack/react-query";
import { Upload } from "lucide-react";
import { useRouter } from "next/navigation";
import { Suspense, useRef, useSyncExternalStore } from "react";
import { Button } from "@/components/ui/button";
import { lazyPart } from "@/components/ui/lazy-part";
import { formatBytes } from "@/lib/format";
import { routes } from "@/lib/routes";
import { MAX_UPLOAD_BYTES, MAX_UPLOAD_JSON_BYTES } from "../contract";
import { uploadTrace } from "../queries";

const UploadOutcome = lazyPart(() => import("./upload-outcome").then((module) => module.UploadOutcome));

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
  const take = (field: HTMLInputElement) => {
    const file = field.files?.[0];
    if (file === undefined) return;
    field.value = "";
    upload.mutate(file);
  };
  const isListening = useIsListening();
  const traces = upload.data?.traces ?? [];
  return (
    <>
      {isListening && (
        <input
          accept=".json,.gz,.jsonl,application/json"
          aria-label="Trace file"
          className="sr-only"
          onChange={(event) => take(event.target)}
          ref={input}
          tabIndex={-1}
          type="file"
        />
      )}
      <Button
        aria-busy={upload.isPending}
        disabled={upload.isPending}
        icon={<Upload aria-hidden />}
        onClick={() => input.current?.click()}
        size="sm"
        title={`OTLP or Jaeger JSON, up to ${formatBytes(MAX_UPLOAD_JSON_BYTES)}, packed ${formatBytes(MAX_UPLOAD_BYTES)}`}
      >
        {upload.isPending ? "Reading the file" : "Open file"}
      </Button>
      {(upload.isError || (upload.isSuccess && traces.length !== 1)) && (
        <Suspense>
          <UploadOutcome error={upload.error} onClose={() => upload.reset()} traces={traces} />
        </Suspense>
      )}
    </>
  );
}

/**
 * Whether this page has begun to listen. The server's markup has no field for a file: the page may put its own in the
 * place of the server's, and a file chosen there before that was lost without a word.
 */
function useIsListening(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
