import type { Page } from "@playwright/test";

/** Where pictures of the screens go, for people to look at; unset, none are taken. */
const SHOTS_DIR = process.env.OPS_E2E_SHOTS;

/** Takes the page as it is now in light, dark and on a phone, and puts it back to a desk's light. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS_DIR === undefined) return;
  const before = page.viewportSize();
  for (const [look, colorScheme, width, height] of [
    ["light", "light", 1440, 900],
    ["dark", "dark", 1440, 900],
    ["phone", "light", 360, 780],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.screenshot({ path: `${SHOTS_DIR}/${name}.${look}.png` });
  }
  await page.emulateMedia({ colorScheme: "light" });
  if (before !== null) await page.setViewportSize(before);
}
