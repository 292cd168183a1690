/** A path of this console, or "/": what a link says may lead nowhere else (`//evil.example`, `/\evil.example`). */
export function toLocalPath(text: string): string {
  if (!/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text)) return "/";
  const { origin, pathname, search } = new URL(text, "http://console.invalid");
  return origin === "http://console.invalid" && !pathname.startsWith("//") ? pathname + search : "/";
}
