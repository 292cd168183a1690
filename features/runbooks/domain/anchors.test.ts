import { describe, expect, it } from "vitest";
import { anchorsIn, hasAnchor } from "./anchors";

const anchors = anchorsIn(
  '---\ntitle: x\n---\n\n# Roll *back* `now`!\n\n## Again\n\n## Again\n\n<a name="Old-Place"></a>\n\n> ### In a quote\n',
);

describe("anchorsIn", () => {
  it("gives headings the anchors GitHub gives them, and knows those written as HTML", () => {
    expect([...(anchors ?? [])]).toEqual(["roll-back-now", "again", "again-1", "old-place", "in-a-quote"]);
  });

  it("knows nothing of a text that is not read", () => {
    expect(anchorsIn(`${"> ".repeat(5000)}x`)).toBeUndefined();
  });
});

describe("hasAnchor", () => {
  it.each(["again-1", "Again", "user-content-again", "Old-Place", "", "top", "L12", "L3-L9", "fn-1"])(
    "finds #%s",
    (one) => {
      expect(hasAnchor(anchors ?? new Set(), one)).toBe(true);
    },
  );

  it.each(["again-2", "roll-back", "L"])("does not find #%s", (one) => {
    expect(hasAnchor(anchors ?? new Set(), one)).toBe(false);
  });
});
