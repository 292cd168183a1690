import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { exitCodeOf } from "./exit-code";

describe("exitCodeOf", () => {
  it("tells a wrong option, a console that does not answer, and any other refusal apart", () => {
    expect(exitCodeOf(new AppError("invalid_input", "--limit 0: is no number from 1."))).toBe(2);
    expect(exitCodeOf(new AppError("unavailable", "No console answers."))).toBe(3);
    expect(exitCodeOf(new AppError("not_found", "There is no such trace."))).toBe(1);
    expect(exitCodeOf(new Error("a fault"))).toBe(1);
  });
});
