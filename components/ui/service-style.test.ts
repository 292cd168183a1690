import { describe, expect, it } from "vitest";
import { serviceStyle } from "./service-style";

describe("serviceStyle", () => {
  it("gives a name the same mark, whatever its case", () => {
    expect(serviceStyle("Billing-API")).toEqual(serviceStyle("billing-api"));
  });

  it("keeps well-known kinds apart from each other", () => {
    const names = ["circuitverse-web", "circuitverse-sidekiq", "postgres", "redis", "s3", "yosys-api"];
    expect(new Set(names.map((name) => serviceStyle(name).shape)).size).toBe(names.length);
    expect(new Set(names.map((name) => serviceStyle(name).colour)).size).toBe(names.length);
  });

  it("uses every colour but the one that looks like a failure, and every shape, for other names", () => {
    const styles = Array.from({ length: 400 }, (_, at) => serviceStyle(`svc-${at}`));
    const colours = new Set(styles.map(({ colour }) => colour));
    expect(colours.size).toBe(7);
    expect(colours).not.toContain("s5");
    const kinds = ["web", "sidekiq", "postgres", "redis", "s3", "yosys"].map((name) => serviceStyle(name));
    for (const style of styles) expect(kinds).not.toContainEqual(style);
    expect(new Set(styles.map(({ shape }) => shape)).size).toBe(8);
  });
});
