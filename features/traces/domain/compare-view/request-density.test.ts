import { describe, expect, it } from "vitest";
import { beyondText } from "./request-density";

describe("beyondText", () => {
  const beyond = (count: number, of: number) => beyondText({ beyond: { count, of, aboveUs: 7200 } });

  it("speaks of one trace as one, of a few by number and of many by share", () => {
    expect(beyond(1, 1)).toBe("this trace took longer than 99\u202f% before (7.2\u202fms)");
    expect(beyond(1, 4)).toBe("1 of 4 after is slower than 99\u202f% before (7.2\u202fms)");
    expect(beyond(100, 200)).toMatch(/^50\u202f% after are slower/);
  });

  it("says nothing where hardly any is slower, or too few came before", () => {
    expect(beyond(0, 1)).toBeUndefined();
    expect(beyond(2, 100)).toBeUndefined();
    expect(beyondText({ beyond: null })).toBeUndefined();
  });
});
