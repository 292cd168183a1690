import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import type { SourceSearch } from "../trace-source";
import { searchGently } from "./search-gently";

const SEARCH: SourceSearch = {
  service: "web",
  operation: undefined,
  attributes: {},
  startUs: 0,
  endUs: 1,
  minDurationUs: undefined,
  depth: 1500,
};

/** A source that can answer only so many traces at once. */
function sourceOf(max: number) {
  const asked: number[] = [];
  const searchTraces = async ({ depth }: SourceSearch) => {
    asked.push(depth);
    if (depth > max) throw new AppError("upstream_too_large", "Too large.");
    return { summaries: [], isFull: true, notes: [], latencyMs: 1 };
  };
  return { source: { searchTraces }, asked };
}

describe("searchGently", () => {
  it("asks for fewer traces until the answer can be taken", async () => {
    const { source, asked } = sourceOf(100);
    await searchGently(source, SEARCH);
    expect(asked).toEqual([1500, 187, 23]);
  });

  it("gives up when even a few are too large, and on any other failure at once", async () => {
    const { source, asked } = sourceOf(1);
    await expect(searchGently(source, SEARCH)).rejects.toMatchObject({ code: "upstream_too_large" });
    expect(asked).toEqual([1500, 187, 23]);
    const down = { searchTraces: () => Promise.reject(new AppError("upstream_timeout", "Late.")) };
    await expect(searchGently(down, SEARCH)).rejects.toMatchObject({ code: "upstream_timeout" });
  });
});
