import "server-only";
import fs from "node:fs";
import path from "node:path";
import { parseEnv } from "node:util";
import { AppError, codeOf, messageOf } from "@/lib/errors";

// `turbopackIgnore`: the build takes a path it cannot know for any file of the checkout, and looks through all of them.

/**
 * Merges `.env` of the working directory under the real environment, which wins. A missing file is fine; one that is
 * there and cannot be read is refused, since Node itself reports it as missing and would start on other settings.
 */
export function loadDotEnv(file = ".env"): void {
  try {
    const found = fs.statSync(/* turbopackIgnore: true */ file, { throwIfNoEntry: false });
    if (found === undefined) return;
    if (found.isDirectory()) throw Object.assign(new Error("A directory holds no settings."), { code: "EISDIR" });
    fs.accessSync(/* turbopackIgnore: true */ file, fs.constants.R_OK);
    assertLinesAreSettings(file);
    process.loadEnvFile(file);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const message = `cannot be read as settings (${codeOf(cause) ?? messageOf(cause)})`;
    throw new AppError(
      "invalid_input",
      `${path.resolve(/* turbopackIgnore: true */ file)} ${message}. Let this user read it (chmod, chown), or move it away.`,
      { problems: [{ field: ".env", message }], cause },
    );
  }
}

/** Node leaves out, without a word, whatever it cannot read as a setting: the console would start on other ones. */
function assertLinesAreSettings(file: string): void {
  const problems = dotEnvProblems(fs.readFileSync(/* turbopackIgnore: true */ file, "utf8"));
  if (problems.length === 0) return;
  throw new AppError(
    "invalid_input",
    `${path.resolve(/* turbopackIgnore: true */ file)} is not usable.\n  ${problems.join("\n  ")}`,
    {
      problems: problems.map((message) => ({ field: ".env", message })),
    },
  );
}

/** What is wrong in the text of a `.env` file, line by line. Values may be secret and are not repeated. */
export function dotEnvProblems(text: string): string[] {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  const problems: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (/^\s*(#|$)/.test(line)) continue;
    const [, value] = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*(.*)$/.exec(line) ?? [];
    if (value === undefined) {
      problems.push(`line ${at + 1} is no setting: write NAME=value`);
      continue;
    }
    const quote = /^["'`]/.exec(value)?.[0];
    if (quote === undefined || value.indexOf(quote, 1) > 0) continue;
    const end = lines.findIndex((later, no) => no > at && later.includes(quote));
    if (end === -1) problems.push(`line ${at + 1}: the quote ${quote} is not closed`);
    else at = end;
  }
  return problems;
}

/** The names in the `.env` file of the working directory; none without one. */
export function dotEnvNames(file = ".env"): string[] {
  return fs.existsSync(/* turbopackIgnore: true */ file)
    ? Object.keys(parseEnv(fs.readFileSync(/* turbopackIgnore: true */ file, "utf8")))
    : [];
}
