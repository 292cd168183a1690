/**
 * Puts the run's values where a command says `<name>`. Only whole, declared names with a value change, in one pass, so
 * that a value that looks like a placeholder stays what the person typed.
 */
export function fillPlaceholders(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/<([^<>\s][^<>\n]*)>/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? whole) : whole,
  );
}
