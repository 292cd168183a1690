import { describe, expect, it } from "vitest";
import { EMPTY_DRAFT } from "./migration-draft";
import { parseDraft } from "./use-kept-draft";

describe("parseDraft", () => {
  it("reads back a draft as it was kept", () => {
    const draft = { ...EMPTY_DRAFT, name: "Previews", mode: "verify_only" as const, sourceKind: "s3" as const };
    expect(parseDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  });

  it("takes what fits from a draft of another version, and nothing from something else", () => {
    const other = { name: "Previews", mode: "teleport", rules: "none", unknown: 1, minBytes: 7 };
    expect(parseDraft(other)).toEqual({ ...EMPTY_DRAFT, name: "Previews" });
    expect(parseDraft(null)).toBeUndefined();
    expect(parseDraft("text")).toBeUndefined();
  });
});
