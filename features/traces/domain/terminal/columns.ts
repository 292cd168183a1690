export type Column = { text: string; align?: "left" | "right" };

/** Cuts to what fits, with an ellipsis. Counts code points: wide glyphs may still take two cells. */
export function cutTo(text: string, width: number): string {
  const clean = printable(text);
  const points = [...clean];
  return points.length <= width ? clean : `${points.slice(0, Math.max(0, width - 1)).join("")}…`;
}

/** What a name may do in a terminal: nothing. Control and direction characters become a visible mark. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, "\u{fffd}");
}

/** Rows with aligned columns, two spaces between; the last column is cut to `width`, others are as wide as they need. */
export function toTable(rows: readonly (readonly Column[])[], width: number): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => lengthOf(printable(row[column]?.text ?? "")))),
  );
  const beforeLast = widths.slice(0, -1).reduce((sum, cell) => sum + cell + 2, 0);
  return rows.map((row) =>
    row
      .map(({ text, align }, column) => {
        if (column === count - 1) return cutTo(text, Math.max(8, width - beforeLast));
        const clean = printable(text);
        const gap = " ".repeat(Math.max(0, (widths[column] ?? 0) - lengthOf(clean)));
        return align === "right" ? gap + clean : clean + gap;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** Lines of at most `width`, broken at spaces, continued under `indent`. */
export function wrap(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text).split(" ")) {
    const isFull = line !== "" && lengthOf(line) + 1 + lengthOf(word) > width;
    if (isFull) lines.push(line);
    line = line === "" || isFull ? (isFull ? indent : "") + word : `${line} ${word}`;
  }
  return line === "" ? lines : [...lines, line];
}

const lengthOf = (text: string): number => [...text].length;
