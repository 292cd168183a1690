import { describe, expect, it } from "vitest";
import { mergeNewest } from "./merge-newest";

const found = (traceId: string, startUs: number) => ({ traceId, startUs });

describe("mergeNewest", () => {
  it("shows a trace of two services once, the newest first", () => {
    const web = { summaries: [found("b", 20), found("a", 10)], truncated: false };
    const jobs = { summaries: [found("c", 30), found("a", 10)], truncated: false };
    expect(mergeNewest([web, jobs], 5)).toEqual({
      summaries: [found("c", 30), found("b", 20), found("a", 10)],
      truncated: false,
    });
  });

  it("says that there is more where it cuts, or where one answer was cut", () => {
    const web = { summaries: [found("b", 20), found("a", 10)], truncated: false };
    expect(mergeNewest([web], 1)).toEqual({ summaries: [found("b", 20)], truncated: true });
    expect(mergeNewest([{ ...web, truncated: true }], 5).truncated).toBe(true);
  });
});
