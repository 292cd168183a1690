import fs from "node:fs";
import path from "node:path";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";
import { type E2eS3, hashFiles, makeManyFiles, startE2eS3 } from "../support/e2e-s3";

let world: E2eS3;
test.beforeAll(async () => {
  world = await startE2eS3();
});
test.afterAll(() => world.stop());

/** Plans and starts through the API, as the page would; gives the page's address. */
async function start(page: Page, name: string, options: Record<string, unknown>, root: string, bucket: string) {
  await page.goto("/s3-migrations");
  const destination = { kind: "s3", bucket, prefix: "", endpoint: world.endpoint, profile: "ops-console-local" };
  const body = { name, source: { kind: "local", path: root }, destination, options, start: true };
  const id = await page.evaluate(async (json) => {
    const reply = await fetch("/api/s3-migrations", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(json),
    });
    return (await reply.json()).id as string;
  }, body);
  await page.goto(`/s3-migrations/${id}`);
}

const state = (page: Page, label: string) => page.getByRole("status").getByText(label, { exact: true });
const phase = (page: Page, name: string) => page.getByRole("list", { name: "Phases" }).getByText(name, { exact: true });

/** Signs what follows with a name, as a person does once per browser. */
const signAs = (page: Page, name: string) =>
  page.evaluate((value) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the page reads its name from this cookie, as the product sets it
    document.cookie = `ops-name=${value}; Path=/; SameSite=Strict`;
  }, name);

async function confirm(page: Page, button: string, act: string, reason?: string): Promise<void> {
  await page.getByRole("button", { name: button }).click();
  if (reason !== undefined) await page.getByRole("textbox", { name: /Reason/ }).fill(reason);
  await page.getByRole("button", { name: act, exact: true }).click();
}

test.describe("with one refusal", () => {
  test.use({ expectedErrors: /409/ });
  test("a migration goes from copy over cutover and soak to a retired source, each step by a person", async ({
    page,
  }) => {
    test.slow();
    const root = await world.makeFiles({ "notes/read me.txt": "hello" });
    makeManyFiles(root, 30);
    const source = hashFiles(root);
    const bucket = await world.makeBucket();
    await start(page, "Move and retire", { retireObjectsPerSecond: 500 }, root, bucket);
    await test.step("proven, it says that the application may move, and does nothing more by itself", async () => {
      await expect(state(page, "Verified")).toBeVisible({ timeout: 40_000 });
      await expect(page.getByText("0 found")).toBeVisible();
      await expectAccessible(page);
      await page.getByRole("button", { name: "Begin the cutover" }).click();
      await expect(state(page, "Waiting for the cutover")).toBeVisible({ timeout: 20_000 });
    });
    await test.step("the cutover has its checks and a runbook whose run knows the values", async () => {
      await expect(page.getByText("The last look at the source found nothing new")).toBeVisible();
      const href = await page.getByRole("link", { name: "start a run of the cutover" }).getAttribute("href");
      expect(href).toContain(`destination=s3%3A%2F%2F${bucket}`);
      await expectAccessible(page);
    });
    await test.step("what the application wrote meanwhile is found, copied and proven before anybody confirms", async () => {
      fs.writeFileSync(path.join(root, "late.txt"), "late");
      await page.getByRole("button", { name: "List again" }).click();
      await expect(page.getByText("32 objects proven, 0 to decide")).toBeVisible({ timeout: 40_000 });
    });
    await test.step("it soaks until its time is over, or a person says why not", async () => {
      await signAs(page, "asha");
      await confirm(page, "Confirm the cutover…", "It does, begin the soak");
      await expect(state(page, "Soaking")).toBeVisible({ timeout: 20_000 });
      await expectAccessible(page);
      await confirm(page, "End the soak early…", "End the soak", "a rehearsal");
      await expect(page.getByText("The soak is over. The source may be retired")).toBeVisible({ timeout: 20_000 });
      await page.getByRole("button", { name: "List again" }).click();
      await expect(state(page, "Soaking")).toBeVisible({ timeout: 40_000 });
    });
    await test.step("one person asks and another one approves", async () => {
      await confirm(page, "Ask to retire the source…", "Ask for approval");
      await expect(page.getByText("asha asked to delete the source")).toBeVisible({ timeout: 20_000 });
      await confirm(page, "Approve deleting the source…", "Delete at the source");
      await expect(page.getByText("Somebody else than the person who asked")).toBeVisible();
      expect(hashFiles(root).size).toBe(32);
      await signAs(page, "mateo");
      await confirm(page, "Approve deleting the source…", "Delete at the source");
      await expect(state(page, "Source retired")).toBeVisible({ timeout: 40_000 });
      await expectAccessible(page);
    });
    await test.step("an independent look finds everything at the destination and nothing at the source", async () => {
      expect(hashFiles(root).size).toBe(0);
      const there = await world.hashBucket(bucket);
      for (const [key, hash] of source) expect(there.get(key), key).toBe(hash);
      await expect(phase(page, "Retire")).toBeVisible();
    });
  });
});

test("what somebody else copied is compared, and what is missing is copied when a person says so", async ({ page }) => {
  test.slow();
  await page.setViewportSize({ width: 360, height: 780 });
  const root = await world.makeFiles({ "a.txt": "a", "b.txt": "b" });
  const bucket = await world.makeBucket();
  await world.put(bucket, "left-over.txt", "orphan");
  await start(page, "Prove only", { mode: "verify_only" }, root, bucket);
  await expect(page.getByText("2 objects are missing at the destination")).toBeVisible({ timeout: 40_000 });
  await page.getByRole("button", { name: "Show keys" }).last().click();
  await expect(page.getByText("left-over.txt")).toBeVisible();
  await expectAccessible(page);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
  await confirm(page, "Copy the 2 missing…", "Copy what is missing");
  await expect(state(page, "Verified")).toBeVisible({ timeout: 40_000 });
  expect([...(await world.hashBucket(bucket)).keys()].sort()).toEqual(["a.txt", "b.txt", "left-over.txt"]);
});
