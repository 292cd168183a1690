import { env } from "@/server/config/env";
import { evaluateExpression } from "../../domain/annotations/expression";
import type { CheckProbe, LiveCheck } from "../../domain/annotations/step-rules";
import type { CheckVerdict } from "../../domain/judge-check";
import { toValueKey } from "../../domain/params";
import { askHttp } from "./ask-http";
import { askPrometheus } from "./ask-prometheus";
import type { CheckFacts, CheckPorts } from "./check-ports";

const MAX_READING_CHARS = 300;
const PLAIN_VALUE = /^[A-Za-z0-9._:/@%+=,-]+$/;

export type Sample = { verdict: CheckVerdict; reading: string };

/** Asks once. Whatever goes wrong is unknown, with the reason: never true, and no failure of the step. */
export async function sampleCheck(
  check: LiveCheck,
  { params, ports }: { params: Readonly<Record<string, string>>; ports: CheckPorts },
  signal: AbortSignal,
): Promise<Sample> {
  try {
    const facts = await askProbe(fillProbe(check.probe, params), ports, signal);
    const answer = evaluateExpression("expectation", check.expect, { ...facts, params });
    if (answer.value === "unknown") return { verdict: "unknown", reading: shorten(`${tell(facts)}: ${answer.reason}`) };
    return { verdict: answer.value ? "true" : "false", reading: shorten(tell(facts)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { verdict: "unknown", reading: shorten(`no answer: ${reason.split("\n")[0]}`) };
  }
}

async function askProbe(probe: CheckProbe, ports: CheckPorts, signal: AbortSignal): Promise<CheckFacts> {
  const { OPS_CHECK_HOSTS: hosts = [], OPS_CHECK_PRIVATE: allowPrivate = false, PROMETHEUS_URL } = env();
  switch (probe.kind) {
    case "http":
      return askHttp(probe, { hosts, allowPrivate }, signal);
    case "prometheus":
      return askPrometheus(probe.query, PROMETHEUS_URL, signal);
    case "migration": {
      const facts = await ports.migration(probe.name, signal);
      if (facts === undefined) throw new Error(`there is no S3 migration named ${probe.name}`);
      return facts;
    }
    case "traces":
      return ports.traces(probe, signal);
    case "job":
    case "github":
      throw new Error(`this console has no source for ${probe.kind} checks`);
  }
}

/** Values of the run in place of `<name>`; one that could change what is asked is not put in. */
function fillProbe(probe: CheckProbe, params: Readonly<Record<string, string>>): CheckProbe {
  const values = new Map(Object.entries(params).map(([name, value]) => [toValueKey(name), value]));
  const fill = (text: string) =>
    text.replace(/<([A-Za-z][A-Za-z0-9 _-]{0,59})>/g, (whole, name: string) => {
      const value = values.get(toValueKey(name));
      if (value === undefined) throw new Error(`this run has no value for ${whole}`);
      if (!PLAIN_VALUE.test(value)) throw new Error(`the value of ${whole} is not plain enough to ask with`);
      return value;
    });
  switch (probe.kind) {
    case "http":
      return { ...probe, url: fill(probe.url) };
    case "prometheus":
      return { ...probe, query: fill(probe.query) };
    case "migration":
      return { ...probe, name: fill(probe.name) };
    case "job":
      return { ...probe, queue: fill(probe.queue) };
    case "github":
      return { ...probe, workflow: fill(probe.workflow), ref: fill(probe.ref) };
    case "traces": {
      const tags = Object.fromEntries(Object.entries(probe.tags).map(([name, value]) => [name, fill(value)]));
      return { ...probe, service: fill(probe.service), operation: fill(probe.operation), tags };
    }
  }
}

/** The plain facts, for people; what is long or nested is left out. */
function tell(facts: CheckFacts): string {
  const told = Object.entries(facts).flatMap(([name, value]) => {
    if (name === "body" || name === "json" || name === "series") return [];
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return [];
    return [`${name} ${typeof value === "number" ? Math.round(value * 1000) / 1000 : value}`];
  });
  return told.join(", ") || "no value";
}

function shorten(text: string): string {
  return text.length <= MAX_READING_CHARS ? text : `${text.slice(0, MAX_READING_CHARS - 1)}…`;
}
