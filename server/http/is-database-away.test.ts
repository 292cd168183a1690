import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { isAnswerLate, isDatabaseAway } from "./is-database-away";
import { toProblem } from "./problem";

const coded = (code: string) => Object.assign(new Error(code), { code });

describe("isDatabaseAway", () => {
  it.each(["ECONNREFUSED", "57P01", "57P03", "08006", "P1001"])("knows %s, alone and as a cause", (code) => {
    expect(isDatabaseAway(coded(code))).toBe(true);
    expect(isDatabaseAway(new Error("query failed", { cause: coded(code) }))).toBe(true);
  });

  it("judges what has a code by its code alone", () => {
    expect(isDatabaseAway(Object.assign(new Error("Connection terminated"), { code: "42P01" }))).toBe(false);
    expect(isDatabaseAway(new Error("timeout exceeded while reading a manifest"))).toBe(false);
    expect(isAnswerLate(coded("ETIMEDOUT"))).toBe(true);
    expect(isAnswerLate(coded("ECONNREFUSED"))).toBe(false);
    expect(isAnswerLate(new Error("Query read timeout"))).toBe(true);
  });

  it.each(["Connection terminated unexpectedly", "timeout exceeded when trying to connect"])("knows %s", (message) => {
    expect(isDatabaseAway(new Error(message))).toBe(true);
  });

  it.each([coded("42703"), coded("23505"), new Error("x"), "text", undefined])(
    "takes %s for our own mistake",
    (error) => {
      expect(isDatabaseAway(error)).toBe(false);
    },
  );
});

describe("toProblem", () => {
  it("says that the database is away, and when to ask again", () => {
    const { problem, headers } = toProblem(coded("ECONNREFUSED"));
    expect(problem).toMatchObject({
      status: 503,
      code: "unavailable",
      detail: "The database does not answer at the moment. Try again.",
    });
    expect(headers).toEqual({ "retry-after": "2" });
  });

  it("says that nothing was saved while the database's disk is full", () => {
    const { problem } = toProblem(new Error("insert failed", { cause: coded("53100") }));
    expect(problem).toMatchObject({
      status: 503,
      code: "unavailable",
      detail: expect.stringMatching(/disk .* is full/),
    });
  });

  it("leaves what a source said of itself", () => {
    const error = new AppError("upstream_unreachable", "Jaeger does not answer.", { cause: coded("ECONNREFUSED") });
    expect(toProblem(error).problem.code).toBe("upstream_unreachable");
  });
});
