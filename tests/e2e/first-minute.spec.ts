import { expect, expectAccessible, test } from "../support/e2e";

test("an empty console explains itself", async ({ page }) => {
  await test.step("opens without an error and says what it is", async () => {
    await page.goto("/");
    await expect(page).toHaveTitle(/ops-console/);
    await expect(page.getByRole("main")).toBeVisible();
  });
  await test.step("runs no script that the page did not sign", async () => {
    const response = await page.request.get("/");
    const policy = response.headers()["content-security-policy"] ?? "";
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
    expect(nonce).toBeTruthy();
    const scripts = [...(await response.text()).matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.filter((tag) => !tag.includes(`nonce="${nonce}"`))).toEqual([]);
  });
  await test.step("is accessible", () => expectAccessible(page));
});

test("every process says that it lives", async ({ request }) => {
  await expect
    .poll(async () => (await (await request.get("/api/health")).json()).status, { message: "health" })
    .toBe("ok");
  const { processes } = await (await request.get("/api/processes")).json();
  const names = processes.map((entry: { name: string }) => entry.name);
  expect(names.sort()).toEqual(["collector", "postgres", "supervisor", "web", "worker"]);
});
