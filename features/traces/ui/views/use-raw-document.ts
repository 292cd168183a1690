"use client";

import { useEffect, useState } from "react";
import { ApiProblem, toApiProblem } from "@/lib/api";
import type { RawDocument } from "../../domain/raw/raw-text";
import { readRawDocument } from "../../domain/raw/read-raw-document";
import { traceDownloadUrl } from "../../queries";

/** A document of 200,000 spans has 120 MB; more is for tools made for it. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Up to this size the lines are found in less time than a worker takes to start. */
const MAX_HERE_BYTES = 512 * 1024;

export type RawState =
  | { status: "loading"; receivedBytes: number }
  | { status: "ready"; document: RawDocument }
  | { status: "failed"; problem: unknown };

/** The trace as OTLP JSON, read once for each version; `attempt` reads it again. */
export function useRawDocument({ traceId, version, attempt }: { traceId: string; version: string; attempt: number }) {
  const key = `${traceId} ${version} ${attempt}`;
  const [state, setState] = useState<RawState & { key: string }>({ status: "loading", receivedBytes: 0, key });
  // Outside system: the network and a worker.
  useEffect(() => {
    const stop = new AbortController();
    const tell = (next: RawState) => {
      if (!stop.signal.aborted) setState({ ...next, key });
    };
    readFile(traceDownloadUrl(traceId, "otlp"), stop.signal, (receivedBytes) =>
      tell({ status: "loading", receivedBytes }),
    )
      .then((file) => toDocument(file, stop.signal))
      .then((document) => tell({ status: "ready", document }))
      .catch((problem: unknown) => tell({ status: "failed", problem }));
    return () => stop.abort();
  }, [traceId, key]);
  // A later version takes the place of the one before it when it is there.
  const isOld = state.key !== key && state.status !== "ready";
  return isOld ? ({ status: "loading", receivedBytes: 0 } satisfies RawState) : state;
}

async function readFile(url: string, signal: AbortSignal, onBytes: (received: number) => void): Promise<Uint8Array> {
  const response = await fetch(url, { signal });
  if (!response.ok || response.body === null) throw await toApiProblem(response);
  const pieces: Uint8Array[] = [];
  let received = 0;
  let toldBytes = 0;
  const reader = response.body.getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value);
    received += next.value.length;
    if (received > MAX_BYTES) {
      await reader.cancel();
      throw new ApiProblem({
        status: 200,
        code: "upstream_too_large",
        detail: "This trace has more than 256 MB of JSON. Download it instead.",
      });
    }
    if (received - toldBytes > MAX_HERE_BYTES) {
      toldBytes = received;
      onBytes(received);
    }
  }
  const file = new Uint8Array(received);
  let at = 0;
  for (const piece of pieces) {
    file.set(piece, at);
    at += piece.length;
  }
  return file;
}

/** Asks a worker; where the browser refuses one, the lines are found here after all. */
async function toDocument(file: Uint8Array, signal: AbortSignal): Promise<RawDocument> {
  const worker = file.length > MAX_HERE_BYTES ? startWorker() : undefined;
  if (worker === undefined) return readRawDocument(file);
  signal.addEventListener("abort", () => worker.terminate(), { once: true });
  return new Promise((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<RawDocument>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = () => {
      worker.terminate();
      resolve(readRawDocument(file));
    };
    worker.postMessage(file);
  });
}

function startWorker(): Worker | undefined {
  try {
    return new Worker(new URL("./raw-worker.ts", import.meta.url), { type: "module" });
  } catch {
    // A browser without module workers: the page does the work itself.
    return undefined;
  }
}
