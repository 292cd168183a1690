import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";
import { type E2eS3, hashFiles, makeManyFiles, startE2eS3 } from "../support/e2e-s3";

const FILES = 240;
/** Slow enough to be watched, paused and cancelled; fast enough for a test. */
const SLOW = "60";

let world: E2eS3;
test.beforeAll(async () => {
  world = await startE2eS3();
});
test.afterAll(() => world.stop());

type Plan = { name: string; root: string; bucket: string; perSecond?: string };

/** Fills in the form, does the dry run and starts. */
async function startFromPage(page: Page, { name, root, bucket, perSecond }: Plan): Promise<void> {
  await page.goto("/s3-migrations/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("textbox", { name: "Directory" }).fill(root);
  await page.getByLabel("Destination bucket").fill(bucket);
  await page.getByLabel("Destination endpoint").fill(world.endpoint);
  await page.getByLabel("Destination profile").fill("ops-console-local");
  if (perSecond !== undefined) {
    await page.getByRole("button", { name: "Change" }).click();
    await page.getByLabel("Objects per second").fill(perSecond);
  }
  await expect(page.getByText("Do the dry run for this source and destination.")).toBeVisible();
  await page.getByRole("button", { name: "Dry run" }).click();
  await expect(page.getByText("objects can go.")).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Start copying" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

const state = (page: Page, label: string) => page.getByRole("status").getByText(label, { exact: true });

test("an S3 migration is planned, watched, paused, resumed and proven", async ({ page }) => {
  test.slow();
  const root = await world.makeFiles({ "notes/read me.txt": "hello" });
  makeManyFiles(root, FILES);
  const bucket = await world.makeBucket();
  await test.step("the form names what is missing and lets nothing start before the dry run", async () => {
    await page.goto("/s3-migrations/new");
    await expect(page.getByText("Give it a name.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Start copying" })).toBeDisabled();
    await page.getByRole("button", { name: "Dry run" }).click();
    await expect(page.getByRole("textbox", { name: "Directory" })).toHaveAttribute("aria-invalid", "true");
    await expectAccessible(page);
  });
  await test.step("starts from the page", () =>
    startFromPage(page, { name: "Previews", root, bucket, perSecond: SLOW }));
  await test.step("pauses by key while it copies, and stands still", async () => {
    await expect(state(page, "Copying")).toBeVisible({ timeout: 20_000 });
    await page.keyboard.press("p");
    await expect(state(page, "Paused")).toBeVisible({ timeout: 20_000 });
    await expectAccessible(page);
  });
  await test.step("resumes by button, live, and ends verified with books that add up", async () => {
    await page.getByRole("button", { name: "Resume" }).click();
    await expect(state(page, "Verified")).toBeVisible({ timeout: 40_000 });
    await expect(page.getByText(`Adds up: ${FILES + 1} = ${FILES + 1}`)).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: /^Paused/ })).toBeVisible();
    await expectAccessible(page);
  });
  await test.step("an independent look finds the same bytes", async () => {
    expect([...(await world.hashBucket(bucket))].sort()).toEqual([...hashFiles(root)].sort());
  });
  await test.step("the list shows it", async () => {
    await page.goto("/s3-migrations");
    await expect(page.getByRole("listitem").filter({ hasText: "Previews" }).first()).toContainText("Verified");
    await expectAccessible(page);
  });
});

test("a failed object is explained, put right and retried alone", async ({ page }) => {
  test.slow();
  const root = await world.makeFiles({ "a.txt": "mine", "b.txt": "b", "c.txt": "c" });
  const bucket = await world.makeBucket();
  await world.put(bucket, "a.txt", "something else");
  await startFromPage(page, { name: "Conflict", root, bucket });
  await expect(state(page, "Ended with failures")).toBeVisible({ timeout: 40_000 });
  await expect(page.getByText("Other bytes are already at the key")).toBeVisible();
  await page.getByRole("button", { name: "Show keys" }).click();
  await expectAccessible(page);
  await world.put(bucket, "a.txt", "mine");
  await page.getByRole("button", { name: "Retry this 1" }).click();
  await expect(state(page, "Verified")).toBeVisible({ timeout: 40_000 });
});

test("a migration is cancelled after a question, on a phone of 360 px", async ({ page }) => {
  test.slow();
  await page.setViewportSize({ width: 360, height: 780 });
  const root = await world.makeFiles({});
  makeManyFiles(root, FILES);
  const bucket = await world.makeBucket();
  await startFromPage(page, { name: "To be cancelled", root, bucket, perSecond: "5" });
  await expect(state(page, "Copying")).toBeVisible({ timeout: 20_000 });
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: "Cancel…" }).click();
  await page.getByRole("button", { name: "Cancel the migration" }).click();
  await expect(state(page, "Cancelled")).toBeVisible({ timeout: 30_000 });
  expect((await world.hashBucket(bucket)).size).toBeLessThan(FILES);
  await expectAccessible(page);
});

test.describe("unknown", () => {
  test.use({ expectedErrors: /404/ });
  test("a migration nobody knows says so", async ({ page }) => {
    await page.goto("/s3-migrations/00000000-0000-4000-8000-000000000000");
    await expect(page.getByText("Not found", { exact: true })).toBeVisible();
  });
});
