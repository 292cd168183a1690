import { describe, expect, it } from "vitest";
import { rateText } from "./rate-text";

const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("the text of a rate", () => {
  it("counts a minute where less than one comes a second", () => {
    expect(plain(rateText(46.2))).toBe("46.2 /s");
    expect(plain(rateText(0.2))).toBe("12 /min");
    expect(rateText(0)).toBe("0");
  });

  it("takes one unit for two rates side by side, that of the lower", () => {
    expect(plain(rateText(0.68, 1.43))).toBe("40.8 /min");
    expect(plain(rateText(1.43, 0.68))).toBe("85.8 /min");
    expect(plain(rateText(1.43, 0))).toBe("1.43 /s");
  });
});
