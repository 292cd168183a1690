import { describe, expect, it } from "vitest";
import { EMPTY_SEARCH_FORM, parseSearchForm } from "./search-form";

const LIMITS = { default: 100, max: 1500 };

describe("parseSearchForm", () => {
  it("searches for everything when nothing is filled in", () => {
    expect(parseSearchForm(EMPTY_SEARCH_FORM, LIMITS)).toEqual({ criteria: { limit: 100 }, problems: {} });
  });

  it("turns text into what the search needs", () => {
    const form = {
      service: " web ",
      operation: "GET /",
      attributes: "error=true http.status_code=500",
      min: "300ms",
      max: "1.5s",
      limit: "20",
    };
    expect(parseSearchForm(form, LIMITS)).toEqual({
      criteria: {
        service: "web",
        operation: "GET /",
        attributes: { error: "true", "http.status_code": "500" },
        minDurationUs: 300_000,
        maxDurationUs: 1_500_000,
        limit: 20,
      },
      problems: {},
    });
  });

  it("names every refused field at once and keeps the good ones", () => {
    const form = { service: "web", operation: "", attributes: "oops", min: "fast", max: "??", limit: "9999" };
    const { criteria, problems } = parseSearchForm(form, LIMITS);
    expect(Object.keys(problems)).toEqual(["attributes", "min", "max", "limit"]);
    expect(criteria).toEqual({ service: "web", limit: 100 });
  });

  it("refuses a longest duration below the least one", () => {
    expect(parseSearchForm({ ...EMPTY_SEARCH_FORM, min: "2s", max: "1s" }, LIMITS).problems).toHaveProperty("max");
  });
});
