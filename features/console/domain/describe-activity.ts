import { type Route, routes } from "@/lib/routes";

type ActivityEvent = { action: string; subject: string; detail: Record<string, unknown> };

type Described = {
  /** "paused the S3 migration" */
  verb: string;
  /** What it was done to, by name where the event has one. */
  object: string;
  href: Route | undefined;
  /** What its actor wrote with it: a reason, a note; "" for nothing. */
  said: string;
};

/** Kinds of things that people do something to, as an action begins; what each is called in a list. */
export const ACTIVITY_KINDS: Readonly<Record<string, string>> = {
  run: "Runs",
  "s3-migration": "S3 migrations",
  "report-token": "Tokens for reports",
  traces: "Traces",
  alerts: "Alerts",
  sample: "Sample data",
  access: "Sign-in and people",
};

const NOUNS: Record<string, string> = {
  "s3-migration": "the S3 migration",
  "report-token": "the token for reports of",
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
  list_again: "asked for another listing of",
  accept_shrink: "accepted the shorter listing of",
  repair: "repaired what was missing of",
  begin_cutover: "began the cutover of",
  confirm_cutover: "confirmed the cutover of",
  end_soak: "ended the soak of",
  ask_retire: "asked to delete the source of",
  approve_retire: "approved deleting the source of",
  configure: "changed the settings of",
  delete: "deleted",
  revoke: "revoked",
  loading: "loaded",
  removing: "removed",
  upload: "uploaded",
  finish: "finished",
  abandon: "abandoned",
  note: "wrote a note in",
  abort: "backed out of",
  approve: "agreed to backing out of",
  reject: "refused to back out of",
  assign: "gave a role to somebody in",
};

/** Actions whose sentence the two lists above cannot make. */
const WHOLE: Record<string, string> = {
  "alerts.test": "sent a test alert",
  "traces.deploy": "reported a deploy of",
  "traces.search.save": "saved the search",
  "traces.search.delete": "deleted the saved search",
  "access.sign_in": "signed in as",
  "access.sign_out": "signed out as",
  "access.end_session": "ended another session of",
  "access.refuse": "was refused at the sign-in",
  "access.locked_out": "was refused after too many failures at the sign-in",
  "access.deny": "was refused what their role may not do",
  "access.invite": "invited",
  "access.make_code": "made a code for",
  "access.make_admin_code": "made a code for an admin",
  "access.use_code": "chose a password by a code as",
  "access.use_admin_code": "became admin by a code as",
  "access.change_password": "changed the password of",
  "access.change_person": "changed role or access of",
};

const STEP_VERBS: Record<string, string> = {
  tick: "ticked",
  untick: "unticked",
  skip: "skipped",
  note: "wrote a note at",
  begin: "began",
  na: "found not applicable",
  fail: "reported as failed",
  override: "overrode the check of",
  ask: "asked for approval of",
  approve: "approved",
  reject: "refused to approve",
  choose: "chose",
  sense: "found true",
  lapse: "found no longer true",
  regain: "found true again",
  assign: "handed over",
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
export function describeActivity(event: ActivityEvent): Described {
  const [kind = "", ...rest] = event.action.split(".");
  const [subjectKind = "", ...idParts] = event.subject.split(":");
  const id = idParts.join(":");
  const isGone = rest.join(".") === "delete";
  return {
    verb: WHOLE[event.action] ?? `${verbOf(rest.join(" "), event.detail)} ${NOUNS[kind] ?? kind}`.trim(),
    object: nameIn(event.detail) ?? id,
    href: id === "" || isGone ? undefined : LINKS[subjectKind]?.(id),
    said: textIn(event.detail, "reason") ?? textIn(event.detail, "text") ?? "",
  };
}

function verbOf(verb: string, detail: Record<string, unknown>): string {
  const [ofStep, step] = [STEP_VERBS[verb], textIn(detail, "step")];
  if (ofStep !== undefined && step !== undefined) return `${ofStep} step ${step} of`;
  return PAST[verb] ?? verb.replaceAll("_", " ");
}

function nameIn(detail: Record<string, unknown>): string | undefined {
  const version = textIn(detail, "version");
  const service = textIn(detail, "service");
  if (service !== undefined && version !== undefined) return `${service} ${version}`;
  return textIn(detail, "name") ?? textIn(detail, "title") ?? textIn(detail, "externalRef");
}

function textIn(detail: Record<string, unknown>, key: string): string | undefined {
  const value = detail[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}
