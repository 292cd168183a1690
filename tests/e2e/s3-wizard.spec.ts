import { expect, expectAccessible, test } from "../support/e2e";
import { type E2eS3, startE2eS3 } from "../support/e2e-s3";

let world: E2eS3;
test.beforeAll(async () => {
  world = await startE2eS3();
});
test.afterAll(() => world.stop());

const CARRIERWAVE = {
  "uploads/project/image_preview/1/preview.jpeg": "one",
  "uploads/project/image_preview/2/preview.jpeg": "two",
  "uploads/project/image_preview/2/thumb_preview.jpeg": "small",
  "uploads/user/avatar/7/Me.PNG": "me",
  "uploads/tmp/1593-1/half.jpeg": "never finished",
};

test("a CarrierWave directory is mapped, filtered, tried and moved with the wizard", async ({ page }) => {
  test.slow();
  const root = await world.makeFiles(CARRIERWAVE);
  const bucket = await world.makeBucket();
  await test.step("source and destination are chosen, and the steps say what is next", async () => {
    await page.goto("/s3-migrations/new");
    const steps = page.getByRole("navigation", { name: "Steps" });
    await expect(steps.getByRole("link", { name: /Source/ })).toHaveAttribute("aria-current", "step");
    await page.getByLabel("Name", { exact: true }).fill("Previews");
    await page.getByLabel("Preset").selectOption("CarrierWave to Active Storage");
    await expect(page.getByLabel("Kind of source")).toHaveValue("carrierwave");
    const runbook = page.getByRole("link", { name: "Move CarrierWave uploads to Active Storage on S3" });
    await expect(runbook).toHaveAttribute("href", /^\/runbooks\?q=/);
    await page.getByRole("textbox", { name: "Directory", exact: true }).fill(root);
    await page.getByLabel("Destination bucket").fill(bucket);
    await page.getByLabel("Destination prefix").fill("v2/");
    await page.getByLabel("Destination endpoint").fill(world.endpoint);
    await page.getByLabel("Destination profile").fill("ops-console-local");
    await expect(steps.getByRole("link", { name: /Dry run/ })).toHaveAttribute("aria-current", "step");
  });
  await test.step("rules are previewed as they are typed, mistakes named at once", async () => {
    await page.getByText("Rules", { exact: true }).click();
    const preview = page.getByRole("list", { name: "Preview" });
    await page.getByLabel("Pattern 1").fill("uploads/{model*}/{mount}/{id}/{image}");
    await page.getByLabel("New key 1").fill("{model}/{nobody}");
    await expect(preview.getByText("The rules have a mistake.")).toBeVisible();
    await page.getByLabel("New key 1").fill("{image}");
    await expect(preview.getByText("v2/preview_1593267409.jpeg")).toBeVisible();
    await page.getByLabel("Try a key").fill("elsewhere/x.png");
    await expect(preview.getByText("not copied: key that no rule maps")).toBeVisible();
    await expectAccessible(page);
  });
  await test.step("two sources for one key are shown with their names and block the start", async () => {
    await page.getByRole("button", { name: "Dry run" }).click();
    await expect(page.getByText("1 key with two or more sources")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole("button", { name: "Start copying" })).toBeDisabled();
    await expectAccessible(page);
  });
  await test.step("another mapping and a filter put it right", async () => {
    await page.getByLabel("New key 1").fill("{model}/{id}/{image|lower}");
    await expect(page.getByText("Do the dry run for this source and destination.")).toBeVisible();
    await page.getByRole("button", { name: "Set filters" }).click();
    await expect(page.getByLabel("Exclude")).toHaveValue("**/thumb_*");
    await page.getByLabel("Exclude").fill("**/thumb_*\n**/*.gif");
    await page.getByRole("button", { name: "Dry run" }).click();
    await expect(page.getByText("3 objects can go.")).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText("excluded by a pattern")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Request cost" })).toBeVisible();
    await expectAccessible(page);
  });
  await test.step("it starts, and the objects are where the preview said", async () => {
    await page.getByRole("button", { name: "Start copying" }).click();
    await expect(page.getByRole("status").getByText("Verified", { exact: true })).toBeVisible({ timeout: 60_000 });
    expect([...(await world.hashBucket(bucket)).keys()].sort()).toEqual([
      "v2/project/1/preview.jpeg",
      "v2/project/2/preview.jpeg",
      "v2/user/7/me.png",
    ]);
  });
  await test.step("its references are SQL to read, with what takes them back", async () => {
    const id = page.url().split("/").at(-1);
    const fields = "kind=attach&from=project/image_preview&recordType=Project&name=preview&service=amazon";
    const apply = await page.request.get(`/api/s3-migrations/${id}/references?file=apply&${fields}`);
    expect(apply.headers()["content-type"]).toContain("application/sql");
    expect(await apply.text()).toContain("('v2/project/1/preview.jpeg', 'preview.jpeg', 'image/jpeg', '3',");
    const undo = await page.request.get(`/api/s3-migrations/${id}/references?file=undo&${fields}`);
    expect(await undo.text()).toContain("DELETE FROM active_storage_attachments");
    expect((await page.request.get(`/api/s3-migrations/${id}/references?file=apply&kind=urls`)).status()).toBe(400);
  });
});
