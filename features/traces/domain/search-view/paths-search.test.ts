import { describe, expect, it } from "vitest";
import { pathsAddress, toPathsSearch } from "./paths-search";

describe("toPathsSearch", () => {
  it("takes over everything a source can search by, and names the rest", () => {
    const line = 'service:web operation:"GET /" dur>=300ms dur<2s http.route:/users status:error spans>100';
    expect(toPathsSearch(line)).toEqual({
      search: {
        service: "web",
        operation: "GET /",
        minDurationUs: 300_000,
        maxDurationUs: 1_999_999,
        attributes: { "http.route": "/users", error: "true" },
      },
      filters: ["dur>=300ms", "dur<2s", "http.route:/users", "status:error"],
      leftOut: ["spans>100"],
    });
  });

  it("asks for everything by an empty line, and for nothing by what does not read", () => {
    expect(toPathsSearch("")).toEqual({ search: {}, filters: [], leftOut: [] });
    expect(toPathsSearch("dur>fast").search).toEqual({});
  });
});

describe("pathsAddress", () => {
  const brush = { fromMs: 1000.5, toMs: 2000.2, lowUs: 1500.5, highUs: 9000.1 };

  it("is the line, and the selection where the list is of that only", () => {
    const line = "service:web dur>1ms";
    expect(pathsAddress({ line, brush, isOnlySelection: false })).toEqual({ q: line });
    const { q, from, to, range } = {
      from: 0,
      to: 0,
      range: "",
      ...pathsAddress({ line, brush, isOnlySelection: true }),
    };
    expect([from, to, range]).toEqual([1000, 2002, undefined]);
    expect(toPathsSearch(q).search).toEqual({ service: "web", minDurationUs: 1500, maxDurationUs: 9001 });
  });
});
