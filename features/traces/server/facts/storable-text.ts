/** Text that Postgres takes: without NUL and lone surrogates, which hostile names may hold. */
export function storableText(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").replace(/\p{Surrogate}/gu, "\uFFFD");
}
