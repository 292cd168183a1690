import { test as base, expect, type Page } from "@playwright/test";
import axe from "axe-core";

/**
 * The test to use in tests/e2e: fails on any uncaught error, console error or blocked resource of the page, unless the
 * test says that it expects them (`test.use({ expectedErrors: /…/ })`).
 */
export const test = base.extend<{ expectedErrors: RegExp | undefined; quietPage: undefined }>({
  expectedErrors: [undefined, { option: true }],
  quietPage: [
    async ({ page, expectedErrors }, use) => {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(`uncaught: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(`console: ${message.text()} (${message.location().url})`);
      });
      await use(undefined);
      expect(complaints.filter((text) => !expectedErrors?.test(text))).toEqual([]);
    },
    { auto: true },
  ],
});
export { expect } from "@playwright/test";

/** Fails with the rules and elements that axe refuses (WCAG 2.2 AA). */
export async function expectAccessible(page: Page): Promise<void> {
  // Evaluated through the debugger, which the page's Content-Security-Policy does not concern.
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const runner = (globalThis as unknown as { axe: typeof axe }).axe;
    const result = await runner.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    const found: string[] = [];
    for (const { id, nodes } of result.violations) {
      const targets = nodes.map((node) => node.target.join(" "));
      const left = id === "target-size" ? await smallEverywhere(runner, targets) : targets;
      if (left.length > 0) found.push(`${id}: ${left.join(" | ")}`);
    }
    return found;

    /** A target half under a bar or a sheet is measured again where it stands free. */
    async function smallEverywhere(measure: typeof axe, targets: string[]): Promise<string[]> {
      const placePx = window.scrollY;
      const small: string[] = [];
      for (const target of targets) {
        document.querySelector(target)?.scrollIntoView({ block: "center", behavior: "instant" });
        const again = await measure.run({ include: [target] }, { runOnly: { type: "rule", values: ["target-size"] } });
        if (again.violations.length > 0) small.push(target);
      }
      window.scrollTo({ top: placePx, behavior: "instant" });
      return small;
    }
  });
  expect(violations).toEqual([]);
}
