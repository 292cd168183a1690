import { describe, expect, it } from "vitest";
import { joinerOf } from "./spell-sum";

describe("joinerOf", () => {
  it("reads well before what was done, waited for and left over", () => {
    const words = (kind: "finding" | "rest", text: string) => `1 s ${joinerOf({ kind, text })}${text}`;
    expect(words("finding", "20 × SELECT users")).toBe("1 s in 20 × SELECT users");
    expect(words("finding", "waiting in the queue for Mail process")).toBe("1 s waiting in the queue for Mail process");
    expect(words("rest", "everything else")).toBe("1 s everything else");
  });
});
