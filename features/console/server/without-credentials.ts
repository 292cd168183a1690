/** `https://user:secret@host/x` → `https://host/x`; anything else, `git+https://…` included, the same way or unchanged. */
export function withoutCredentials(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/i, "$1");
}
