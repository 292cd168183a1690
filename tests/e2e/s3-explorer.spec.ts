import { expect, expectAccessible, test } from "../support/e2e";
import { type E2eS3, makeManyFiles, startE2eS3 } from "../support/e2e-s3";

let world: E2eS3;
test.beforeAll(async () => {
  world = await startE2eS3();
});
test.afterAll(() => world.stop());

test("objects are found, opened and retried by key, and the plan gives SQL and proof", async ({ page }) => {
  test.slow();
  const root = await world.makeFiles({ "a/conflict.txt": "mine", "z/last.txt": "z" });
  makeManyFiles(root, 300);
  const bucket = await world.makeBucket();
  await world.put(bucket, "a/conflict.txt", "something else");
  await page.goto("/s3-migrations");
  const destination = { kind: "s3", bucket, prefix: "", endpoint: world.endpoint, profile: "ops-console-local" };
  const options = { stopAtFailedShare: 1, maxDeltaPasses: 0 };
  const id = await page.evaluate(
    async (json) => {
      const headers = { "content-type": "application/json" };
      const reply = await fetch("/api/s3-migrations", { method: "POST", headers, body: JSON.stringify(json) });
      return (await reply.json()).id as string;
    },
    { name: "Explored", source: { kind: "local", path: root }, destination, options, start: true },
  );
  await test.step("a cause says what is likely and what to do, and leads to its objects", async () => {
    await page.goto(`/s3-migrations/${id}`);
    await expect(page.getByRole("status").getByText("Ended with failures", { exact: true })).toBeVisible({
      timeout: 60_000,
    });
    await expect(page.getByText("Another program or an earlier trial wrote this key.")).toBeVisible();
    await page.getByRole("button", { name: "Show keys" }).click();
    await page.getByRole("checkbox", { name: "Pick a/conflict.txt" }).check();
    await expect(page.getByRole("button", { name: "Retry 1 picked" })).toBeEnabled();
    await expectAccessible(page);
    await page.getByRole("link", { name: "in the explorer" }).click();
    await expect(page.getByRole("row", { name: /conflict\.txt/ })).toBeVisible();
    await expect(page.getByLabel("Cause")).toHaveValue("conflict KeyExists");
  });
  await test.step("keys are narrowed, the address says how, and back undoes it", async () => {
    await page.getByRole("button", { name: "Clear the filter" }).click();
    await page.getByLabel("From this key on").fill("z/");
    await expect(page.getByRole("row", { name: /last\.txt/ })).toBeVisible();
    await expect(page).toHaveURL(/from=z%2F/);
    await page.getByRole("button", { name: "Show the keys before" }).click();
    await expect(page.getByText("201 shown")).toBeVisible();
    await page.getByRole("button", { name: "Show the keys before" }).click();
    await expect(page.getByText("302 shown")).toBeVisible();
    await page.getByLabel("Key contains").fill("CONFLICT");
    await expect(page.getByText("No object fits")).toBeVisible();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await page.getByLabel("Key begins with").fill("a/");
    await expect(page.getByRole("row", { name: /conflict\.txt/ })).toBeVisible();
    await expectAccessible(page);
  });
  await test.step("one object tells its history and is retried alone", async () => {
    await page.getByRole("link", { name: "a/conflict.txt" }).click();
    const drawer = page.getByRole("complementary", { name: "Object" });
    await expect(drawer.getByText("Other bytes are already at the key").first()).toBeVisible();
    await expectAccessible(page);
    await world.put(bucket, "a/conflict.txt", "mine");
    await drawer.getByRole("button", { name: "Retry this object" }).click();
    // The same bytes are there by now: found, then proven.
    await expect(drawer.getByText("Proven", { exact: true }).first()).toBeVisible({ timeout: 60_000 });
    await expect(drawer.getByText(/Retried by/)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(drawer).toBeHidden();
  });
  await test.step("the plan shows its hash and makes SQL with its undo", async () => {
    await page.goto(`/s3-migrations/${id}/plan`);
    await expect(page.getByText("302 listed")).toBeVisible();
    await page.getByLabel("Table").fill("projects");
    await page.getByLabel("Column").fill("preview_url");
    await page.getByLabel("Old base").fill("https://old.example/");
    await page.getByLabel("New base").fill("https://new.example/");
    await page.getByRole("button", { name: "Make the SQL" }).click();
    await expect(page.getByRole("region", { name: "SQL to apply" })).toContainText("BEGIN;");
    await page.getByText("Undo", { exact: true }).click();
    await expect(page.getByRole("region", { name: "SQL to undo" })).toContainText("ops_console_undo_");
    await expectAccessible(page);
  });
  await test.step("the report opens as a page that runs nothing", async () => {
    const report = await page.request.get(`/api/s3-migrations/${id}/report?format=html&as=page`);
    expect(report.headers()["content-disposition"]).toContain("inline");
    expect(report.headers()["content-security-policy"]).toContain("sandbox");
    expect(await report.text()).toContain("Explored");
  });
});

test("a draft of the wizard survives a reload, and each mode says what it means", async ({ page }) => {
  await page.goto("/s3-migrations/new");
  await page.getByLabel("Name", { exact: true }).fill("Kept");
  await page.getByLabel("Destination bucket").fill("kept-bucket");
  await page.getByRole("radio", { name: /Prove only/ }).check();
  await page.reload();
  await expect(page.getByLabel("Destination bucket")).toHaveValue("kept-bucket");
  await expect(page.getByRole("button", { name: "Start comparing" })).toBeVisible();
  await page.getByRole("radio", { name: /Reported by a job/ }).check();
  await page.getByLabel("Name of the migration").fill("kept-job");
  await page.getByRole("button", { name: "Make a token for 30 days" }).click();
  await expect(page.getByText("This token is shown once.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Discard" }).click();
  await expect(page.getByLabel("Destination bucket")).toHaveValue("");
});
