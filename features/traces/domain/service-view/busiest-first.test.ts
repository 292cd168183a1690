import { describe, expect, it } from "vitest";
import { busiestFirst } from "./service-rows";

describe("busiestFirst", () => {
  it("puts those with traffic first, by their traffic, and leaves the others in their order", () => {
    expect(busiestFirst(["a", "b", "c", "d"], ["d", "b", "gone"])).toEqual(["d", "b", "a", "c"]);
    expect(busiestFirst(["a", "b"], [])).toEqual(["a", "b"]);
  });
});
