import { describe, expect, it } from "vitest";
import { chooseType, deniesType } from "./content-type";

const png = "image/png";
const told = { isOnlyNamed: false, policy: "as_told" } as const;

describe("the type of the bytes against the one that was told", () => {
  it("is another, or only has another name", () => {
    expect(deniesType("image/jpeg", png)).toBe(true);
    expect(deniesType("img/jpeg", "image/jpeg")).toBe(true);
    expect(deniesType("image/jpg", "image/jpeg")).toBe(false);
    expect(deniesType("IMAGE/PNG; q=1", png)).toBe(false);
    expect(deniesType("application/octet-stream", png)).toBe(true);
  });

  it("says nothing against what is made of it", () => {
    expect(
      deniesType("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip"),
    ).toBe(false);
    expect(deniesType("image/svg+xml", "application/xml")).toBe(false);
    expect(deniesType("image/png", "application/zip")).toBe(true);
    expect(deniesType(undefined, "application/zip")).toBe(true);
  });

  it("never changes what was told unless the plan says so", () => {
    expect(chooseType("image/jpeg", png, told)).toEqual({ type: "image/jpeg", differs: true });
    expect(chooseType("image/jpeg", png, { ...told, policy: "corrected" })).toEqual({ type: png, differs: true });
    expect(chooseType("image/jpeg", undefined, told)).toEqual({ type: "image/jpeg", differs: false });
    expect(chooseType(undefined, undefined, told)).toEqual({ type: "binary/octet-stream", differs: false });
  });

  it("decides where there was only a name, and it said nothing", () => {
    const named = { ...told, isOnlyNamed: true };
    expect(chooseType("application/octet-stream", png, named)).toEqual({ type: png, differs: false });
    expect(chooseType("image/jpeg", png, named)).toEqual({ type: "image/jpeg", differs: true });
  });
});
