/** Draws nothing (controls), or turns around or hides what follows (overrides and isolates of direction). */
const HIDDEN = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
const LEFT = new Set(["\t", "\n", "\r"]);
const CONTROL_PICTURES = 0x2400;
const DELETE = 0x7f;

/**
 * Text as it is shown: what draws nothing, or would make a name read as another, stands as a sign for itself. Tabs and
 * breaks stay.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (hidden) => {
    if (LEFT.has(hidden)) return hidden;
    const code = hidden.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
    return code === DELETE ? "\u2421" : `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
  });
}
