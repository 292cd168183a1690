import { nameToEmoji } from "gemoji";

/** Text with GitHub's names of emoji, such as `:warning:`, as the emoji; what is no name stays. */
export function withEmoji(text: string): string {
  if (!text.includes(":")) return text;
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) =>
    Object.hasOwn(nameToEmoji, name) ? (nameToEmoji[name] ?? whole) : whole,
  );
}
