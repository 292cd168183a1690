"use client";

import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useEventStream } from "@/components/hooks/use-event-stream";
import { type AppendRunEvent, appendRunEventSchema, type RunSnapshot, runSnapshotSchema } from "../contract";
import { EMPTY_OUTBOX, RunOutbox } from "./run-outbox";

/** What a reader does to a run; the key and the version it was seen at are added here. */
export type RunAction = {
  type: AppendRunEvent["type"];
  stepId?: string;
  text?: string;
  evidence?: string;
  confirm?: string;
  role?: string;
  person?: string;
};

/** A run as it is now, this browser's changes on their way to it, and how to make another. */
export function useLiveRun(initial: RunSnapshot) {
  const [snapshot, setSnapshot] = useState(initial);
  const outbox = useMemo(() => new RunOutbox(initial.id), [initial.id]);
  const box = useSyncExternalStore(outbox.subscribe, outbox.read, () => EMPTY_OUTBOX);
  // Outside systems: the browser's storage and its network.
  useEffect(() => outbox.open(), [outbox]);
  const live = useEventStream({
    url: `/api/runs/${initial.id}/events`,
    pollUrl: `/api/runs/${initial.id}`,
    schema: runSnapshotSchema,
    versionOf: ({ sequence }) => sequence,
    enabled: snapshot.status === "active",
    onSnapshot: (next) => {
      setSnapshot((current) => (next.sequence >= current.sequence ? next : current));
      outbox.forgetUntil(next.sequence);
    },
  });
  const act = ({ text = "", ...action }: RunAction) => {
    const at = {
      idempotencyKey: crypto.randomUUID(),
      expectedSequence: snapshot.sequence,
      madeAt: new Date().toISOString(),
    };
    const event = appendRunEventSchema.safeParse({ ...at, ...action, text });
    if (event.success) outbox.add(event.data);
  };
  return {
    snapshot,
    box,
    live,
    act,
    cancel: (key: string) => outbox.cancel(key),
    dismiss: outbox.dismiss.bind(outbox),
  };
}
