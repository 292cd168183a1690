/**
 * Characters a reader cannot see or that change what is read around them: controls and line breaks, direction marks,
 * zero-width and format characters, halves of surrogate pairs, private use, and letters that are drawn as nothing.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Variation_Selector}]|\u034f|\u115f|\u1160|\u17b4|\u17b5|\u2800|\u3164|\uffa0/gu;

/** Why a text must not stand in a command, or undefined: a line break would run it, a direction mark would disguise it. */
export function findUnseen(text: string): string | undefined {
  const [found] = text.match(UNSEEN) ?? [];
  if (found === undefined) return undefined;
  return /[\n\r\u0085\u2028\u2029]/.test(found)
    ? "has a line break"
    : `has a character that cannot be seen (${codeOf(found)})`;
}

/** The text with such characters spelt out: `web\u202e`. What is shown is then what is there. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, (found) => `\\u${codeOf(found).slice(2).toLowerCase()}`);
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
