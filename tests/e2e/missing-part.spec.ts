import { expect, test } from "../support/e2e";

// What a deploy under an open page, or a lost connection, does to code that comes late.
test.use({ expectedErrors: /ERR_FAILED|ERR_INTERNET|Failed to load|A part of the page did not load|ChunkLoadError/ });

test("a part whose code does not come says so in its place, and comes when asked again", async ({ page }) => {
  await page.goto("/settings");
  await page.waitForLoadState("networkidle");
  const chunks = "**/_next/static/chunks/**";
  await page.route(chunks, (route) => route.abort());
  await page.keyboard.press("Control+k");
  const note = page.getByRole("alert").filter({ hasText: "This part did not load" });
  await expect(note).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await note.getByRole("button", { name: "Try again" }).click();
  await expect(note).toBeVisible();
  await page.unroute(chunks);
  await note.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeVisible();
});
