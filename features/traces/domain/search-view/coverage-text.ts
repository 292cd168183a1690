import type { Coverage } from "../facts/facts-schema";

/** How much of the window the figures stand for: a few words for beside them, and all of it as sentences. */
export type CoverageText = { tone: "whole" | "reading" | "cut"; text: string; details: string[] };

type Told = Pick<Coverage, "complete" | "filling" | "trouble" | "truncatedCount" | "join">;

/** Words for the coverage of a window. Never calls whole what may lack a trace. */
export function coverageText(coverage: Told): CoverageText {
  const { complete, filling, trouble, truncatedCount, join } = coverage;
  const details: string[] = [];
  if (truncatedCount > 0) {
    const moments = truncatedCount === 1 ? "At one moment" : `At ${truncatedCount} moments`;
    details.push(`${moments} more traces started than the source gives at once; some of them are missing.`);
  }
  if (join !== null && !join.isWhole) {
    details.push(
      `The source named ${join.foundCount.toLocaleString("en-US")} traces with these attributes and has more.`,
    );
  }
  if (trouble !== null) details.push(trouble);
  if (complete < 1 && filling !== "failing")
    details.push("The rest of the window is being read; figures grow meanwhile.");
  const percent = Math.floor(complete * 100);
  if (filling === "failing") return { tone: "cut", text: `${percent} % read, reading fails`, details };
  if (complete < 1) return { tone: "reading", text: `reading… ${percent} %`, details };
  if (details.length > 0) return { tone: "cut", text: "some traces are missing", details };
  return { tone: "whole", text: "100 % of the window read", details };
}
