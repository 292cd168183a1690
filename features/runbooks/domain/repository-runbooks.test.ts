import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseRunbook } from "./parse-runbook";

const DIRECTORY = path.join(import.meta.dirname, "../../../runbooks");
const files = fs.readdirSync(DIRECTORY).filter((name) => name.endsWith(".md"));

describe("the runbooks that come with the console", () => {
  it.each(files)("%s has no problem an author would be told about", (name) => {
    const text = fs.readFileSync(path.join(DIRECTORY, name), "utf8");
    expect(parseRunbook({ path: name, text, knownPaths: new Set(files) }).problems).toEqual([]);
  });

  it.each(files.filter((name) => name !== "README.md"))("%s has steps to follow", (name) => {
    const text = fs.readFileSync(path.join(DIRECTORY, name), "utf8");
    expect(parseRunbook({ path: name, text }).tree.rule).toBe("tasks");
  });
});
