import { expect, test } from "vitest";
import { nameCookie, nameIn, toShownName } from "./viewer-name";

/** What a browser sends back of a cookie it was given. */
const sentBack = (cookie: string): string => cookie.slice(0, cookie.indexOf(";"));

test.each(["Asha", "Zoë = O'Neil; admin", "名前"])("brings %s back", (name) => {
  expect(nameIn(`theme=dark; ${sentBack(nameCookie(name))}; last=1`)).toBe(name);
});

test("can be read and changed by a page: the run page shows the name that Settings saved", () => {
  expect(nameCookie("Asha")).not.toMatch(/httponly/i);
});

test("keeps sixty characters, and forgets an empty name", () => {
  expect(nameIn(sentBack(nameCookie(`  ${"a".repeat(80)}`)))).toBe("a".repeat(60));
  expect(nameCookie(" ")).toContain("Max-Age=0");
});

test.each(["", "other=Asha", "xops-name=Asha", "ops-name=%E0%A4%A"])("finds no name in %j", (cookies) => {
  expect(nameIn(cookies)).toBe("");
});

test("shows the local person as this machine", () => {
  expect(toShownName("local")).toBe("This machine");
  expect(toShownName("Asha")).toBe("Asha");
});
