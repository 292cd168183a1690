import { describe, expect, it } from "vitest";
import type { Deploy } from "../facts/deploy-schema";
import { toCommitsLink, versionsBetween, versionsOf } from "./commits-link";
import { VERSION_KEY } from "./compare-side";

const REPOSITORY = "https://github.com/owner/repo";
const group = (version?: string) => ({
  kind: "group" as const,
  search: { service: "web", ...(version === undefined ? {} : { attributes: { [VERSION_KEY]: version } }) },
});
const deploy = (version: string, atUs: number): Deploy => ({
  id: `${atUs}`,
  service: "web",
  version,
  atUs,
  origin: "seen",
  previousVersion: null,
});

describe("toCommitsLink", () => {
  it("leads to the commits between two versions", () => {
    expect(toCommitsLink(REPOSITORY, "v3.14.1", "v3.14.2")).toBe(`${REPOSITORY}/compare/v3.14.1...v3.14.2`);
    expect(toCommitsLink(REPOSITORY, "9ab03d7", "release/2+1")).toBe(`${REPOSITORY}/compare/9ab03d7...release/2%2B1`);
  });

  it("leads nowhere without a repository, a version before, or a difference", () => {
    expect(toCommitsLink(null, "a", "b")).toBeUndefined();
    expect(toCommitsLink(REPOSITORY, null, "b")).toBeUndefined();
    expect(toCommitsLink(REPOSITORY, "a", "a")).toBeUndefined();
  });

  it.each(["../../settings", "a...b", "a b", "a?x=1", "-x", "a#b", "/a", "a/", "a.lock", "", "a\u202eb", "a//b"])(
    "makes no link of a version that names nothing in git: %s",
    (version) => {
      expect(toCommitsLink(REPOSITORY, version, "v2")).toBeUndefined();
      expect(toCommitsLink(REPOSITORY, "v1", version)).toBeUndefined();
    },
  );
});

describe("versionsOf", () => {
  it("knows the versions two groups are told apart by", () => {
    expect(versionsOf({ a: group("v1"), b: group("v2") })).toEqual({ before: "v1", after: "v2" });
    expect(versionsOf({ a: group("v1"), b: group("v1") })).toBeUndefined();
    expect(versionsOf({ a: group(), b: group("v2") })).toBeUndefined();
    expect(versionsOf({ a: group("v1"), b: { kind: "trace", traceId: "1" } })).toBeUndefined();
  });
});

describe("versionsBetween", () => {
  it("lists what ran in between, oldest first and each once, whichever side is the older", () => {
    const deploys = [deploy("v4", 4), deploy("v3", 3), deploy("v2", 2), deploy("v2", 2.5), deploy("v1", 1)];
    expect(versionsBetween(deploys, { before: "v1", after: "v4" })).toEqual(["v2", "v3"]);
    expect(versionsBetween(deploys, { before: "v4", after: "v1" })).toEqual(["v2", "v3"]);
    expect(versionsBetween(deploys, { before: "v3", after: "v4" })).toEqual([]);
    expect(versionsBetween(deploys, { before: "v0", after: "v4" })).toEqual([]);
  });
});
