/**
 * Where in a parsed input a text is that Postgres cannot hold (a NUL, or half of a surrogate pair), as a dotted path.
 * Iterative, in input order.
 */
export function findUnstorable(input: unknown): string | undefined {
  const stack: { path: string; value: unknown }[] = [{ path: "", value: input }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { path, value } = next;
    if (typeof value === "string" && isUnstorable(value)) return path;
    if (typeof value !== "object" || value === null) continue;
    for (const [name, child] of Object.entries(value).reverse()) {
      if (isUnstorable(name)) return path;
      stack.push({ path: path === "" ? name : `${path}.${name}`, value: child });
    }
  }
  return undefined;
}

const isUnstorable = (text: string): boolean => text.includes("\0") || !text.isWellFormed();
