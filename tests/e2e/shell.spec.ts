import type { Page, Route } from "@playwright/test";
import { expect, expectAccessible, test } from "../support/e2e";

// Overview, activity and settings: the frame and the pages it brings itself. Rooms of features have their own journeys.
const OWN_PAGES = ["/", "/activity", "/settings"];
const SECTIONS = ["Overview", "Traces", "Services", "Runbooks", "Runs", "S3 migrations", "Activity", "Settings"];

const rail = (page: Page) => page.getByRole("navigation", { name: "Main", exact: true });

async function answer(route: Route, body: unknown, status = 200): Promise<void> {
  const contentType = status >= 400 ? "application/problem+json" : "application/json";
  await route.fulfill({ status, contentType, body: JSON.stringify(body) });
}

test("the rail leads everywhere and says where one is", async ({ page }) => {
  await page.goto("/settings");
  for (const name of SECTIONS) await expect(rail(page).getByRole("link", { name })).toBeVisible();
  await rail(page).getByRole("link", { name: "Activity" }).click();
  await expect(page).toHaveURL(/\/activity$/);
  await expect(rail(page).getByRole("link", { name: "Activity" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("navigation", { name: "Breadcrumb" })).toContainText("Activity");
});

test("the keyboard skips to the content, goes to places and shows its map", async ({ page }) => {
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await test.step("the first tab stop skips the rail", async () => {
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("main")).toBeFocused();
  });
  await test.step("? shows the map, escape closes it", async () => {
    await page.keyboard.press("?");
    const map = page.getByRole("dialog", { name: "Keyboard" });
    await expect(map).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press("Escape");
    await expect(map).toBeHidden();
  });
  await test.step("g a goes to the activity", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await expect(page).toHaveURL(/\/activity$/);
  });
  await test.step("letters typed into a field are letters", async () => {
    await page.goto("/settings");
    await page.getByLabel("Your name").fill("");
    await page.getByLabel("Your name").pressSequentially("g a?");
    await expect(page.getByLabel("Your name")).toHaveValue("g a?");
    await expect(page.getByRole("dialog")).toBeHidden();
  });
});

test("the palette finds a place, and a trace by its id", async ({ page }) => {
  await page.goto("/activity");
  const palette = page.getByRole("dialog", { name: "Go to or do" });
  await test.step("opens by key, finds and goes", async () => {
    await expect(rail(page).getByText("This machine")).toBeVisible();
    await page.keyboard.press("Control+k");
    await expect(palette).toBeVisible();
    await palette.getByRole("combobox").fill("settings");
    await expectAccessible(page);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/settings$/);
    await expect(palette).toBeHidden();
  });
  await test.step("offers to open the trace whose id was pasted", async () => {
    await page.getByRole("button", { name: "Go to or do" }).click();
    await palette.getByRole("combobox").fill("4BF92F3577B34DA6A3CE929D0E0E4736");
    await expect(palette.getByRole("option", { name: "Open trace 4bf92f3577b34da6a3ce929d0e0e4736" })).toBeVisible();
    await page.keyboard.press("Escape");
  });
  await test.step("changes the theme", async () => {
    await page.keyboard.press("Control+k");
    await palette.getByRole("combobox").fill("dark theme");
    await page.keyboard.press("Enter");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  });
});

test("letters typed right after the palette's key arrive, however late its code and that of the page come", async ({
  page,
}) => {
  const field = page.getByRole("dialog").getByRole("combobox");
  let open = () => {};
  const hold = async () => {
    const gate = new Promise<void>((resolve) => (open = resolve));
    await page.route("**/_next/static/chunks/**/*.js", async (route) => {
      await gate;
      await route.continue();
    });
  };
  const typeSlowly = async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("dark tt");
    await page.keyboard.press("Backspace");
    open();
    await expect(field).toHaveValue("dark t");
    await page.keyboard.type("heme");
    await expect(page.getByRole("dialog").getByRole("option", { name: /dark theme/i })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(field).toBeHidden();
    await page.unroute("**/_next/static/chunks/**/*.js");
  };
  await test.step("before the page can hear them", async () => {
    await hold();
    await page.goto("/settings", { waitUntil: "commit" });
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await typeSlowly();
  });
  await test.step("before the palette can", async () => {
    await page.goto("/activity");
    await page.waitForLoadState("networkidle");
    await hold();
    await typeSlowly();
  });
});

test("the theme follows the system until one is chosen, and stays chosen without a flash", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/settings");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByRole("radio", { name: "Light" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.reload({ waitUntil: "commit" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.getByRole("radio", { name: "As the system" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a person gives their name, and others see it in the activity's place for it", async ({ page }) => {
  await page.goto("/settings");
  await expect(rail(page).getByText("This machine")).toBeVisible();
  await page.getByLabel("Your name").fill("Meera K");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved", { exact: true })).toBeVisible();
  await page.reload();
  await expect(rail(page).getByText("Meera K")).toBeVisible();
});

test("settings show what runs, and no secret", async ({ page }) => {
  await page.goto("/settings");
  await expect(page.getByText("OPS_DATA_DIR", { exact: true })).toBeVisible();
  await expect(page.getByText("DATABASE_URL", { exact: true })).toBeVisible();
  expect(await page.content()).not.toMatch(/postgres(ql)?:\/\//);
});

test("no page of the frame scrolls sideways on a phone, and the bar leads to the rest", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  for (const path of OWN_PAGES) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(360);
  }
  await page.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Activity" }).click();
  await expect(page).toHaveURL(/\/activity$/);
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the pages of the frame are accessible in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    for (const path of OWN_PAGES) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await test.step(path, () => expectAccessible(page));
    }
  });
}

test.describe("on a bad day", () => {
  test.use({ expectedErrors: /status of 50[23]|Failed to load resource/ });

  test("the overview says that the trace source is down, and what still works", async ({ page }) => {
    const reason = "Jaeger at jaeger:16686 does not answer.";
    await page.route("**/api/traces/digest?*", (route) =>
      answer(route, { code: "upstream_unreachable", detail: reason, traceId: "4bf92f3577b34da6a3ce929d0e0e4736" }, 502),
    );
    await page.goto("/");
    const failure = page.getByRole("alert").filter({ hasText: "The source does not answer" });
    await expect(failure).toContainText(reason);
    await expect(failure.getByRole("link", { name: /Trace of this request/ })).toBeVisible();
    await expect(failure.getByRole("button", { name: "Try again" })).toBeVisible();
    await expect(page.getByRole("heading", { name: "S3 migrations" })).toBeVisible();
    await expectAccessible(page);
  });

  test("the overview says that the database is down", async ({ page }) => {
    await page.route("**/api/**", (route) =>
      route.request().url().endsWith("/api/health")
        ? answer(
            route,
            {
              status: "down",
              components: [
                { name: "web", status: "ok" },
                { name: "database", status: "down", detail: "is not reachable" },
              ],
            },
            503,
          )
        : answer(route, { code: "unavailable", detail: "The database does not answer." }, 503),
    );
    await page.goto("/");
    await expect(page.getByRole("heading", { level: 1 })).toContainText("The database is not reachable");
    await expect(page.getByRole("banner").getByText("database not well")).toBeVisible();
  });
});
