/** Between two letters that must not be read together: no width, no break. */
const WORD_JOINER = "\u2060";
// Line breaks and other controls would start a new block; direction marks would turn the text around them.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must go
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/**
 * Text from outside as one line of Markdown that reads as it is: no markup, HTML, link, mention or reference comes of it.
 */
export function markdownText(text: string): string {
  return (
    oneLine(text)
      .replace(/[\\`*_{}[\]<>()|~&!$]/g, (mark) => `\\${mark}`)
      .replace(/^[#+\-=]/, (mark) => `\\${mark}`)
      // The number of a list, not of a release: a backslash before a digit would be read as it is.
      .replace(/^(\d+)\.(?=\s|$)/, "$1\\.")
      .replace(/[@#](?=\w)/g, (mark) => mark + WORD_JOINER)
      .replace(/:\/\//g, `:${WORD_JOINER}//`)
      .replace(/\bwww\./gi, (word) => `${word.slice(0, 3) + WORD_JOINER}.`)
  );
}

/** A name from outside as a code span, whatever backticks it has. A table needs its bars escaped even there. */
export function markdownCode(text: string, { isInTable = false }: { isInTable?: boolean } = {}): string {
  const line = oneLine(text);
  if (line === "") return "";
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 || line.startsWith(" ") || line.endsWith(" ") ? " " : "";
  return `${fence}${pad}${isInTable ? line.replaceAll("|", "\\|") : line}${pad}${fence}`;
}

const oneLine = (text: string) => text.replace(CONTROLS, " ").trim();
