/** `fatal: https://user:secret@host/x` → `fatal: https://host/x`, wherever in a text an address stands. */
export function withoutCredentials(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, "$1");
}
