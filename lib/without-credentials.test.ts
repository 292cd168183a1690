import { expect, test } from "vitest";
import { withoutCredentials } from "./without-credentials";

test.each([
  ["https://user:secret@host/x", "https://host/x"],
  ["git+https://token@host/r.git#main:*.md", "git+https://host/r.git#main:*.md"],
  ["fatal: cannot read https://a:b@one/x or HTTPS://c@two/", "fatal: cannot read https://one/x or HTTPS://two/"],
  ["git@host:r.git", "git@host:r.git"],
  ["https://host/a@b", "https://host/a@b"],
  ["./runbooks", "./runbooks"],
])("shows %s as %s", (text, shown) => {
  expect(withoutCredentials(text)).toBe(shown);
});
