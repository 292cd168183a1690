import { type Route, routes } from "@/lib/routes";

type Described = {
  /** "paused the S3 migration" */
  verb: string;
  /** What it was done to, by name where the event has one. */
  object: string;
  href: Route | undefined;
};

const NOUNS: Record<string, string> = {
  "s3-migration": "the S3 migration",
  run: "the run",
  runbook: "the runbook",
  trace: "the trace",
  sample: "the sample data",
};

const PAST: Record<string, string> = {
  create: "created",
  start: "started",
  pause: "paused",
  resume: "resumed",
  cancel: "cancelled",
  retry_failed: "retried the failures of",
  delete: "deleted",
  loading: "loaded",
  removing: "removed",
  upload: "uploaded",
  finish: "finished",
  abandon: "abandoned",
  tick: "ticked a step of",
  untick: "unticked a step of",
  skip: "skipped a step of",
  note: "wrote a note in",
};

const LINKS: Record<string, (id: string) => Route> = {
  "s3-migration": (id) => routes.s3Migration(id),
  run: (id) => routes.run(id),
  runbook: (id) => routes.runbook(id),
  trace: (id) => routes.trace(id),
};

/**
 * An audit row as a sentence without its actor. Unknown actions keep their own words, so that a feature added later
 * shows up before this list knows it.
 */
export function describeActivity(event: {
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}): Described {
  const [kind = "", ...rest] = event.action.split(".");
  const verb = rest.join(" ");
  const [subjectKind = "", ...idParts] = event.subject.split(":");
  const id = idParts.join(":");
  const noun = NOUNS[kind] ?? kind;
  const name = nameIn(event.detail);
  return {
    verb: `${PAST[verb] ?? verb.replaceAll("_", " ")} ${noun}`.trim(),
    object: name ?? (id === "" ? "" : id),
    href: id === "" ? undefined : LINKS[subjectKind]?.(id),
  };
}

function nameIn(detail: Record<string, unknown>): string | undefined {
  for (const key of ["name", "title"]) {
    const value = detail[key];
    if (typeof value === "string" && value !== "") return value;
  }
  return undefined;
}
