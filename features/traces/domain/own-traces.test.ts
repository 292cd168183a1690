import { describe, expect, it } from "vitest";
import { isOwnService, leaveOutOwn } from "./own-traces";

const summary = (rootService: string, services: string[] = [rootService]) => ({
  rootService,
  services: services.map((name) => ({ name })),
});

describe("own traces", () => {
  it("are those the console's processes started, rootless ones included", () => {
    expect(["ops-console", "ops-console-web"].every(isOwnService)).toBe(true);
    expect(["ops-consoles", "web", ""].some(isOwnService)).toBe(false);
    expect(leaveOutOwn([summary("", ["ops-console-web"]), summary("", ["web"])], 5)).toMatchObject({ ownCount: 1 });
  });

  it("are left out and counted, and what the limit cuts is told", () => {
    const own = summary("ops-console-worker");
    const [a, b, c] = [summary("a"), summary("b"), summary("c")];
    expect(leaveOutOwn([own, a, b], 2)).toEqual({ summaries: [a, b], ownCount: 1, isCut: false });
    expect(leaveOutOwn([own, a, b, own, c, own], 2)).toEqual({ summaries: [a, b], ownCount: 2, isCut: true });
  });
});
