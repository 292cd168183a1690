import { describe, expect, it } from "vitest";
import { matchesGlob, parseSourceSpecs, toShownLocation } from "./source-spec";

describe("parseSourceSpecs", () => {
  it("reads directories and git sources and names each once", () => {
    expect(parseSourceSpecs(["docs/runbooks", "other/runbooks", "infra=git+https://host/a/b.git#main:x/**"])).toEqual([
      { kind: "directory", name: "runbooks", directory: "docs/runbooks" },
      { kind: "directory", name: "runbooks-2", directory: "other/runbooks" },
      { kind: "git", name: "infra", url: "https://host/a/b.git", ref: "main", glob: "x/**" },
    ]);
  });
  it.each(["git+ext::sh -c x", "git+-u", "git+https://h/r#--upload-pack=x", "git+https://h/r#a..b"])(
    "refuses %s",
    (entry) => {
      expect(() => parseSourceSpecs([entry])).toThrow(/is not/);
    },
  );
  it("keeps credentials out of what is shown", () => {
    const [spec] = parseSourceSpecs(["git+https://user:secret@host/r.git"]);
    expect(spec && toShownLocation(spec)).toBe("https://host/r.git");
  });
});

describe("matchesGlob", () => {
  it("takes Markdown inside the pattern only, hidden folders included", () => {
    const isWanted = matchesGlob(".kamal/**");
    expect([".kamal/deploy.md", ".kamal/hooks/x.sh", "a.md"].map(isWanted)).toEqual([true, false, false]);
  });
});
