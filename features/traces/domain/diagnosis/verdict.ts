import { nameOf, serviceOf } from "../span-text";
import { type Analysis, isRootless } from "./analysis";
import { type Candidate, sumOf } from "./candidate";
import { countAlike } from "./count-alike";
import { companyText, doubtText, isCause } from "./doubt-text";
import { hasTraceFailed } from "./find-errors";
import { requestsOf } from "./find-tangles";
import { type Clause, MAX_EVIDENCE_SPANS, type Standing, type Verdict } from "./finding";
import { joinerOf, spellSum } from "./spell-sum";
import { isCall } from "./step-groups";
import { CRITICAL } from "./thresholds";

/** What a step no finding tells is made of. */
const STEP_KINDS = ["calls", "own-work", "unaccounted"] as const;
/** Steps named beside the findings; smaller ones are "everything else". */
const MAX_STEPS = 3;
const MIN_STEP_SHARE = 0.05;
/** Findings must explain this much of a trace before one of them is called its cause. */
const CONFIDENT_SHARE = 0.4;
/** Or this share of what it took more than usual. */
const EXPLAINS_SHARE = 0.6;
/** A trace with so much of it spent on waiting for work is no slower for it. */
const WAITED_SHARE = 0.5;

/** The ledger of the journey: every microsecond in exactly one clause. */
export function toVerdict(analysis: Analysis, findings: readonly Candidate[], waitedBeforeUs = 0): Verdict {
  const { durationUs } = analysis.journey;
  const ledger = new Ledger(analysis);
  findings.forEach((finding, index) => {
    if (finding.kind !== "error-origin" && finding.severity !== "info" && finding.isTold !== true)
      ledger.takeFinding(finding, index);
  });
  const namedUs = ledger.takenUs;
  ledger.takeWaits(findings);
  ledger.takeSteps();
  const clauses = ledger.close();
  const { excessUs } = analysis.usual;
  const savedUs = sumOf(
    findings.filter((one) => isCause(one) && one.isTold !== true).map((one) => Math.min(one.savesUs, one.claimedUs)),
  );
  const isExplained = excessUs !== undefined && excessUs > 0 && savedUs >= EXPLAINS_SHARE * excessUs;
  const failed = hasTraceFailed(analysis) ? findings.find(({ kind }) => kind === "error-origin") : undefined;
  const hasCause = findings.some(({ severity }) => severity !== "info");
  const pace = hasCause ? 1 : analysis.usual.sharedPace();
  const isWait = waitedUs(analysis) >= WAITED_SHARE * durationUs && durationUs > 0;
  const { standing } = analysis.usual;
  const requests = requestsOf(analysis);
  const judged = {
    durationUs,
    clauses,
    unexplainedUs: Math.max(0, excessUs === undefined ? durationUs - namedUs : excessUs - savedUs),
    ...(excessUs === undefined ? {} : { excessUs }),
    isConfident:
      isExplained ||
      (namedUs > 0 && namedUs >= CONFIDENT_SHARE * durationUs) ||
      findings.some(({ isBefore }) => isBefore === true),
    ...(waitedBeforeUs > 0 ? { waitedBeforeUs } : {}),
    ...(pace > 1 ? { pace } : {}),
    ...(requests === undefined ? {} : { requests }),
    ...(isRootless(analysis) ? { partOfUs: analysis.trace.durationUs } : {}),
    ...(standing === undefined ? {} : { standing: tellStanding(standing, { analysis, findings, isWait }) }),
  };
  return { sentence: sentenceOf(judged, { findings, failed, isWait }), ...judged };
}

/** Of shorter requests nobody asks what they took on another day. */
const LONG_US = CRITICAL.savesUs;

type Asked = { analysis: Analysis; findings: readonly Candidate[]; isWait: boolean };

/** How the request compares with others, and since when, where it is long and only the others say that it is not slow. */
function tellStanding({ sinceUs, dayBefore, ...standing }: Standing, { analysis, findings, isWait }: Asked): Standing {
  const { journey, usual } = analysis;
  const isSlow = standing.isSlow && !isWait;
  const alikeCount = countAlike(
    analysis,
    findings.find(({ savesUs, isBefore }) => savesUs > 0 && isBefore !== true),
  );
  const alike = alikeCount === undefined ? {} : { alikeCount };
  const hasCause = findings.some(({ severity }) => severity !== "info");
  const isOfOneKind = standing.slowCount === undefined && standing.wayCount === undefined;
  const isOwnUsual = isOfOneKind && journey.durationUs >= LONG_US && !hasCause && !isSlow && !isWait;
  if (!isOwnUsual && !usual.isMeasuredByDay) return { ...standing, ...alike, isSlow };
  return { ...standing, ...alike, isSlow, sinceUs, ...(dayBefore === undefined ? {} : { dayBefore }) };
}

/** Time of the journey that passed waiting for something to do. */
function waitedUs({ isWaiting, ownUs }: Analysis): number {
  let sum = 0;
  for (let node = 0; node < ownUs.length; node += 1) {
    const us = ownUs[node] ?? 0;
    if (us > 0 && isWaiting(node)) sum += us;
  }
  return sum;
}

/** Who has taken what of each node's own work. */
class Ledger {
  readonly #analysis: Analysis;
  readonly #leftUs: Float64Array;
  readonly #clauses: Clause[] = [];
  takenUs = 0;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
    this.#leftUs = analysis.ownUs.slice();
  }

  takeFinding(finding: Candidate, index: number): void {
    let timeUs = finding.waitOf === undefined ? 0 : finding.claimedUs;
    const nodes: number[] = finding.waitOf === undefined ? [] : [finding.waitOf];
    const { claims } = finding;
    for (let at = 0; at < claims.size; at += 1) timeUs += this.#take(claims.nodes[at] ?? 0, claims.us[at] ?? 0);
    nodes.push(...claims.nodes.slice(0, MAX_EVIDENCE_SPANS));
    if (timeUs === 0) return;
    this.#add({ kind: "finding", text: finding.clause, timeUs, node: finding.node, nodes, findingIndex: index });
  }

  /** Time in queues that no finding tells. */
  takeWaits(findings: readonly Candidate[]): void {
    const { trace, timeline, journey } = this.#analysis;
    const told = new Set(findings.flatMap(({ waitOf, severity }) => (severity === "info" ? [] : [waitOf])));
    for (const { row, fromUs, toUs } of journey.waits) {
      const node = timeline.rows.indexOf(row);
      const timeUs = toUs - fromUs;
      if (told.has(node) || timeUs < MIN_STEP_SHARE * journey.durationUs) continue;
      const text = `waiting in the queue for ${nameOf(trace, row)}`;
      this.#add({ kind: "unaccounted", text, timeUs, node, nodes: [node], findingIndex: null });
    }
  }

  /** The largest of what is left, by service and name. */
  takeSteps(): void {
    const { trace, timeline, journey } = this.#analysis;
    const steps = this.#sumSteps();
    const largest = [...steps]
      .filter(([, timeUs]) => timeUs >= MIN_STEP_SHARE * journey.durationUs)
      .sort(([, a], [, b]) => b - a)
      .slice(0, MAX_STEPS);
    for (const [key, timeUs] of largest) {
      const nodes = this.#takeStep(key);
      const node = nodes[0] ?? 0;
      const kind = this.#kindOf(node);
      const name = nameOf(trace, timeline.rows[node] ?? 0);
      this.#add({
        kind,
        text: kind === "unaccounted" ? `${name}, unaccounted for` : this.#isNamed(name) ? `the other ${name}` : name,
        timeUs,
        node,
        nodes,
        findingIndex: null,
      });
    }
  }

  /** What is left of each step; most nodes follow one of their own step. */
  #sumSteps(): Map<number, number> {
    const sums = new Map<number, number>();
    let last = -1;
    let sumUs = 0;
    for (let node = 0; node < this.#leftUs.length; node += 1) {
      const us = this.#leftUs[node] ?? 0;
      if (us === 0) continue;
      const key = this.#stepOf(node);
      if (key !== last) {
        if (last !== -1) sums.set(last, sumUs);
        last = key;
        sumUs = sums.get(key) ?? 0;
      }
      sumUs += us;
    }
    if (last !== -1) sums.set(last, sumUs);
    return sums;
  }

  /** Takes all of a step; the first of its nodes. */
  #takeStep(key: number): number[] {
    const nodes: number[] = [];
    for (let node = 0; node < this.#leftUs.length; node += 1) {
      if (this.#leftUs[node] === 0 || this.#stepOf(node) !== key) continue;
      this.#leftUs[node] = 0;
      if (nodes.length < MAX_EVIDENCE_SPANS) nodes.push(node);
    }
    return nodes;
  }

  /** A number for service, name and kind of work. */
  #stepOf(node: number): number {
    const { trace, timeline } = this.#analysis;
    const row = timeline.rows[node] ?? 0;
    const named = (trace.serviceIndex[row] ?? 0) * trace.names.length + (trace.nameIndex[row] ?? 0);
    return named * STEP_KINDS.length + STEP_KINDS.indexOf(this.#kindOf(node));
  }

  /** Everything else, so that the clauses add up. */
  close(): Clause[] {
    const { journey } = this.#analysis;
    const timeUs = journey.durationUs - this.takenUs;
    if (timeUs > 0) {
      const nodes: number[] = [];
      for (let node = 0; node < this.#leftUs.length && nodes.length < MAX_EVIDENCE_SPANS; node += 1)
        if ((this.#leftUs[node] ?? 0) > 0) nodes.push(node);
      this.#add({ kind: "rest", text: "everything else", timeUs, node: 0, nodes, findingIndex: null });
    }
    return this.#clauses;
  }

  /** Whether a finding has the name already: two clauses of one name would be one thing told twice. */
  #isNamed(name: string): boolean {
    return this.#clauses.some(({ text }) => text === name || text.startsWith(`${name} in `));
  }

  #kindOf(node: number): (typeof STEP_KINDS)[number] {
    const { trace, timeline } = this.#analysis;
    if (isCall(trace, timeline.rows[node] ?? 0)) return "calls";
    return (timeline.subtreeEnd[node] ?? 0) === node + 1 ? "own-work" : "unaccounted";
  }

  #take(node: number, us: number): number {
    const takenUs = Math.min(us, this.#leftUs[node] ?? 0);
    this.#leftUs[node] = (this.#leftUs[node] ?? 0) - takenUs;
    return takenUs;
  }

  #add({
    node,
    nodes,
    ...clause
  }: Omit<Clause, "service" | "rows"> & { node: number; nodes: readonly number[] }): void {
    const { trace, timeline } = this.#analysis;
    const rowOf = (at: number) => timeline.rows[at] ?? 0;
    this.takenUs += clause.timeUs;
    this.#clauses.push({
      ...clause,
      service: clause.kind === "rest" ? "" : serviceOf(trace, rowOf(node)),
      rows: nodes.slice(0, MAX_EVIDENCE_SPANS).map(rowOf),
    });
  }
}

type Told = { findings: readonly Candidate[]; failed: Candidate | undefined; isWait: boolean };

function sentenceOf(verdict: Omit<Verdict, "sentence">, { findings, failed, isWait }: Told): string {
  const { clauses, durationUs, isConfident } = verdict;
  // A request that failed is not explained by where its time went.
  const lead = failed === undefined ? [] : [failed.sentence];
  if (clauses.length === 0) return lead[0] ?? "The trace took no time.";
  const { total, parts } = spellSum(
    durationUs,
    clauses.map(({ timeUs }) => timeUs),
  );
  const sum = `${total} = ${clauses.map((clause, index) => `${parts[index]} ${joinerOf(clause)}${clause.text}`).join(" + ")}`;
  const doubt =
    doubtText(verdict, findings) ?? (isConfident || failed !== undefined ? undefined : calmText(findings, isWait));
  const company = companyText(verdict);
  const rest = company === undefined ? [] : [company];
  return [...lead, `${sum}${doubt === undefined ? "" : `; ${doubt}`}.`, ...rest].join(" ");
}

/** Nothing to look for: what would be worth telling is as it always is. */
const calmText = (findings: readonly Candidate[], isWait: boolean): string =>
  isWait
    ? "most of it passed waiting for something to do"
    : findings.some(({ usual }) => usual !== undefined)
      ? "all of it as usual for this operation"
      : "nothing in it stands out";
