import { describe, expect, it } from "vitest";
import { AppError } from "@/lib/errors";
import { exitCodeOf } from "./exit-code";

describe("exitCodeOf", () => {
  it("tells a wrong option, a console that does not answer, and any other refusal apart", () => {
    expect(exitCodeOf(new AppError("invalid_input", "--limit 0: is no number from 1."), "traces")).toBe(2);
    expect(exitCodeOf(new AppError("invalid_input", "docs is no directory."), "runbooks")).toBe(2);
    expect(exitCodeOf(new AppError("unavailable", "No console answers."), "s3")).toBe(3);
    expect(exitCodeOf(new AppError("not_found", "There is no such trace."), "traces")).toBe(1);
    expect(exitCodeOf(new Error("a fault"), "traces")).toBe(1);
    expect(exitCodeOf(new AppError("unavailable", "The database does not answer."), "start")).toBe(1);
  });
});
