"use client";

import { useEffect, useEffectEvent, useState } from "react";
import * as z from "zod/mini";
import { openLiveFeed, type StreamState } from "./live-feed";

type EventStreamOptions<S extends z.core.$ZodType> = {
  /** The SSE route (`event: snapshot`, `id: version`); `undefined` while it is not known yet. */
  url: string | undefined;
  schema: S;
  /** Called for each newer snapshot, never for an older one. Put it into the query cache here. */
  onSnapshot: (snapshot: z.output<S>) => void;
  enabled?: boolean;
  /** Read every 5 s while the stream is lost. Without it the hook only keeps trying to reconnect. */
  pollUrl?: string;
  /** The version inside a polled snapshot, so that a slow poll never overtakes the stream. */
  versionOf?: (snapshot: z.output<S>) => number;
};

export type { StreamState } from "./live-feed";

/**
 * A live view: the newest snapshot from a stream, from polling while the stream is silent, in version order.
 * `lastAt` (epoch ms) is when the view was last known to be true: a frame, a beat or a poll.
 */
export function useEventStream<S extends z.core.$ZodType>(
  options: EventStreamOptions<S>,
): { state: StreamState; lastAt: number | undefined } {
  const { url, pollUrl, enabled = true, schema } = options;
  const [status, setStatus] = useState<{ state: StreamState; lastAt: number | undefined }>({
    state: "connecting",
    lastAt: undefined,
  });
  const handleData = useEffectEvent((data: unknown): void => {
    const parsed = z.safeParse(schema, data);
    if (parsed.success) options.onSnapshot(parsed.data);
  });
  const readVersion = useEffectEvent((data: unknown): number | undefined => {
    const parsed = z.safeParse(schema, data);
    return parsed.success ? options.versionOf?.(parsed.data) : undefined;
  });
  // Outside system: the server's event stream.
  useEffect(() => {
    if (!enabled || url === undefined) return;
    return openLiveFeed({
      url,
      pollUrl,
      onData: (data) => handleData(data),
      versionOf: (data) => readVersion(data),
      onStatus: (state, lastAt) => setStatus({ state, lastAt }),
    });
  }, [url, pollUrl, enabled]);
  return enabled && url !== undefined ? status : { state: "closed", lastAt: status.lastAt };
}
