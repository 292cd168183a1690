import { describe, expect, it } from "vitest";
import { readCodeOwners } from "./code-owners";

const RULES = `# Whose is what
*            @org/all   # the rest
*.md         docs@example.org
/runbooks/   @org/ops @asha
runbooks/db/*  @org/dba
/runbooks/open.md
apps/        @org/apps
!not         @org/none
[x]          @org/none
`;

describe("readCodeOwners", () => {
  it.each([
    ["src/a.ts", ["@org/all"]],
    ["README.md", ["docs@example.org"]],
    ["deep/in/there.md", ["docs@example.org"]],
    ["runbooks/deploy.md", ["@org/ops", "@asha"]],
    ["runbooks/a/b/c.md", ["@org/ops", "@asha"]],
    ["other/runbooks/x.md", ["docs@example.org"]],
    ["runbooks/db/restore.md", ["@org/dba"]],
    ["runbooks/db/old/restore.md", ["@org/ops", "@asha"]],
    ["runbooks/open.md", []],
    ["deep/apps/x/y.rb", ["@org/apps"]],
    [".github/x.yml", ["@org/all"]],
  ])("gives %s to %j", (path, owners) => {
    expect(readCodeOwners(RULES)(path)).toEqual(owners);
  });

  it("gives nothing to anybody without rules", () => {
    expect(readCodeOwners("")("a.md")).toEqual([]);
  });
});
