"use client";

import { useEffect, useState } from "react";
import { apiFetch } from "@/lib/api";
import { type RunPeople, runPeopleSchema } from "../contract";

/** Often enough that who closed the page is gone within half a minute. */
const BEAT_MS = 10_000;

/** Says that this reader is here, at which step, and learns who else is. Nobody is told of a reader without a name. */
export function useRunPeople(runId: string, stepId: string | undefined, viewerName: string): RunPeople["people"] {
  const [people, setPeople] = useState<RunPeople["people"]>([]);
  // Outside system: the console, told again and again while this page is looked at.
  useEffect(() => {
    if (viewerName === "") return;
    const stop = new AbortController();
    const beat = () => {
      if (document.visibilityState === "hidden") return;
      const json = stepId === undefined ? {} : { stepId };
      apiFetch(`/api/runs/${runId}/presence`, { schema: runPeopleSchema, json, signal: stop.signal }).then(
        (answer) => setPeople(answer.people),
        // Who is here is told again in ten seconds; the page already says when the console is away.
        () => undefined,
      );
    };
    beat();
    const timer = setInterval(beat, BEAT_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [runId, stepId, viewerName]);
  return people;
}
