import type { Finding } from "@/features/traces/domain/diagnosis/finding";
import type { Culprit, Trouble } from "./trouble";
import type { World } from "./world";

export type Verdict = { world: World; trouble: Trouble; culprit: Culprit; findings: readonly Finding[]; how: string };

/** Whether the first finding names the kind, the service and the operation of what was put in. */
export function isRight({ trouble, culprit, findings: [top] }: Verdict): boolean {
  return top?.kind === trouble.kind && top.service === culprit.service && top.operation === culprit.operation;
}

type Score = { right: number; total: number };

/** Counts what a judge saw, and prints it. */
export class Tally {
  readonly #scores = new Map<string, Map<string, Score>>();
  readonly #confusion = new Map<string, number>();
  readonly wrong: string[] = [];
  readonly alarms: string[] = [];
  healthyCount = 0;

  add(verdict: Verdict): void {
    const { trouble, world, culprit, findings, how } = verdict;
    const right = isRight(verdict);
    const ofKind = this.#scores.get(trouble.kind) ?? new Map<string, Score>();
    this.#scores.set(trouble.kind, ofKind);
    const score = ofKind.get(world.conventions) ?? { right: 0, total: 0 };
    ofKind.set(world.conventions, { right: score.right + (right ? 1 : 0), total: score.total + 1 });
    if (right) return;
    const [top] = findings;
    const taken = top === undefined ? "nothing" : top.kind === trouble.kind ? `${top.kind} of somebody else` : top.kind;
    const key = `${trouble.kind} (${trouble.shape}) taken for ${taken}`;
    this.#confusion.set(key, (this.#confusion.get(key) ?? 0) + 1);
    const told = findings.map(
      (f) => `${f.severity} ${f.kind} ${f.service}/${f.operation} ${Math.round(f.savesUs / 1000)}ms`,
    );
    this.wrong.push(
      `${trouble.kind} (${trouble.shape}) ${culprit.service}/${culprit.operation}; ${how}, ${world.name} seed ${world.seed} usual ${Math.round(world.usualUs / 1000)} ms\n    got ${told.join(" | ") || "nothing"}`,
    );
  }

  addHealthy({ world, findings, how }: Pick<Verdict, "world" | "findings" | "how">): void {
    this.healthyCount += 1;
    const loud = findings.filter(({ severity }) => severity !== "info");
    if (loud.length > 0)
      this.alarms.push(
        `${how}, ${world.name} seed ${world.seed} usual ${Math.round(world.usualUs / 1000)} ms: ${loud.map(({ kind, sentence }) => `${kind}: ${sentence}`).join(" | ")}`,
      );
  }

  get rightShare(): number {
    const { right, total } = this.#sum();
    return total === 0 ? 1 : right / total;
  }

  get quietShare(): number {
    return this.healthyCount === 0 ? 1 : 1 - this.alarms.length / this.healthyCount;
  }

  get kinds(): string[] {
    return [...this.#scores.keys()];
  }

  kindsBelow(share: number): string[] {
    return [...this.#scores].flatMap(([kind, ofKind]) => {
      const { right, total } = sum(ofKind.values());
      return right < share * total ? [`${kind} ${right} of ${total}`] : [];
    });
  }

  /** Lines: per kind and conventions right of total, then what was taken for what. */
  table(): string[] {
    const line = (kind: string, ofKind: ReadonlyMap<string, Score>) => {
      const all = sum(ofKind.values());
      const spell = ({ right, total }: Score = { right: 0, total: 0 }) => `${right}/${total}`.padStart(9);
      return `${kind.padEnd(20)}${spell(ofKind.get("old"))}${spell(ofKind.get("new"))}${spell(all)}${`${((100 * all.right) / all.total).toFixed(1)} %`.padStart(9)}`;
    };
    const whole = this.#sum();
    return [
      `${"kind".padEnd(20)}${["old", "new", "all", "right"].map((head) => head.padStart(9)).join("")}`,
      ...[...this.#scores].map(([kind, ofKind]) => line(kind, ofKind)),
      `all: ${whole.right} of ${whole.total} right (${(100 * this.rightShare).toFixed(1)} %)`,
      `healthy: ${this.alarms.length} of ${this.healthyCount} with a finding above info (${(100 * this.quietShare).toFixed(1)} % quiet)`,
      ...[...this.#confusion]
        .sort((a, b) => b[1] - a[1])
        .map(([key, count]) => `  ${String(count).padStart(3)} × ${key}`),
    ];
  }

  #sum(): Score {
    return sum([...this.#scores.values()].flatMap((ofKind) => [...ofKind.values()]));
  }
}

const sum = (scores: Iterable<Score>): Score => {
  const whole = { right: 0, total: 0 };
  for (const { right, total } of scores) {
    whole.right += right;
    whole.total += total;
  }
  return whole;
};
