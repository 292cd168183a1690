/** Where in a parsed input a NUL character is, as a dotted path; Postgres takes none in text. Iterative, in input order. */
export function findNul(input: unknown): string | undefined {
  const stack: { path: string; value: unknown }[] = [{ path: "", value: input }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path, value } = next;
    if (typeof value === "string" && value.includes("\0")) return path;
    if (typeof value !== "object" || value === null) continue;
    for (const [name, child] of Object.entries(value).reverse()) {
      if (name.includes("\0")) return path;
      stack.push({ path: path === "" ? name : `${path}.${name}`, value: child });
    }
  }
  return undefined;
}
