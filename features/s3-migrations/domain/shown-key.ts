const HIDDEN = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/** A key as it can be read: what draws nothing, or turns the text around, stands as its number. */
export function shownKey(key: string): string {
  return key.replace(HIDDEN, (hidden) => `⟨U+${hidden.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
}

/** Directory and file of a key, so that a narrow row can leave out the directory's end and keep the file. */
export function splitKey(key: string): { dir: string; file: string } {
  // A slash at the end belongs to the name.
  const at = key.length < 2 ? 0 : key.lastIndexOf("/", key.length - 2) + 1;
  return { dir: key.slice(0, at), file: key.slice(at) };
}
