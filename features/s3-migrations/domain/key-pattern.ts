/** `literal` as it stands, or a named part: `{id}` within one segment of a key, `{rest*}` across slashes. */
export type PatternToken = { kind: "literal"; text: string } | { kind: "part"; name: string; isDeep: boolean };

/** What stands between braces, and what stands outside; `{{` and `}}` are braces themselves. `undefined` = unbalanced. */
export function splitBraces(text: string): { isPart: boolean; text: string }[] | undefined {
  const pieces: { isPart: boolean; text: string }[] = [];
  let literal = "";
  for (const [piece, part] of text.matchAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+/g)) {
    if (part !== undefined) {
      if (literal !== "") pieces.push({ isPart: false, text: literal });
      literal = "";
      pieces.push({ isPart: true, text: part });
    } else if (piece === "{" || piece === "}") return undefined;
    else literal += piece === "{{" || piece === "}}" ? piece.charAt(0) : piece;
  }
  if (literal !== "") pieces.push({ isPart: false, text: literal });
  return pieces;
}

const PART = /^([a-z][a-z0-9_]{0,30})(\*?)$/;
/** More parts than any key layout has; the bound of the matcher's work is in proportion to it. */
const MAX_PARTS = 12;

/** Parses a pattern such as `uploads/{model*}/{mount}/{id}/{file}`; a sentence when it cannot be one. */
export function parsePattern(text: string): { tokens: PatternToken[] } | { problem: string } {
  const pieces = splitBraces(text);
  if (pieces === undefined) return { problem: "has a brace without its partner; write {{ or }} for a brace itself" };
  const tokens: PatternToken[] = [];
  const names = new Set<string>();
  for (const piece of pieces) {
    if (!piece.isPart) {
      tokens.push({ kind: "literal", text: piece.text });
      continue;
    }
    const [, name, star] = PART.exec(piece.text) ?? [];
    if (name === undefined)
      return { problem: `has {${piece.text}}; a part is a name in small letters, {id} or {rest*}` };
    if (names.has(name)) return { problem: `has {${name}} twice` };
    if (tokens.at(-1)?.kind === "part")
      return { problem: `has {${name}} right after another part; where would it begin?` };
    names.add(name);
    tokens.push({ kind: "part", name, isDeep: star === "*" });
  }
  if (names.size > MAX_PARTS) return { problem: `has more than ${MAX_PARTS} parts` };
  return { tokens };
}

/**
 * The named parts of a key, each as short as the rest allows and at least one character; `undefined` when the whole key
 * does not fit. Steps in proportion to tokens × length, whatever the key: no regular expression is involved.
 */
export function matchPattern(tokens: readonly PatternToken[], key: string): ReadonlyMap<string, string> | undefined {
  const parts = new Map<string, string>();
  // Where a part found no end, one that begins later and must end as early finds none either: never tried again.
  const failedFrom = new Map<number, number>();
  const fits = (index: number, at: number): boolean => {
    const token = tokens[index];
    if (token === undefined) return at === key.length;
    if (token.kind === "literal") return key.startsWith(token.text, at) && fits(index + 1, at + token.text.length);
    const limit = limitOf(token.isDeep, key, at);
    const place = index * 0x10000 + limit;
    if (at >= (failedFrom.get(place) ?? Number.POSITIVE_INFINITY)) return false;
    for (const end of endsOf(tokens[index + 1], { key, at, limit })) {
      if (!fits(index + 1, end)) continue;
      parts.set(token.name, key.slice(at, end));
      return true;
    }
    failedFrom.set(place, at);
    return false;
  };
  return fits(0, 0) ? parts : undefined;
}

function limitOf(isDeep: boolean, key: string, at: number): number {
  const slash = isDeep ? -1 : key.indexOf("/", at);
  return slash === -1 ? key.length : slash;
}

/** Where a part that begins at `at` may end, shortest first: before each next literal, or at the end of the key. */
function* endsOf(
  next: PatternToken | undefined,
  { key, at, limit }: { key: string; at: number; limit: number },
): Generator<number> {
  if (next === undefined) {
    if (limit === key.length && at < limit) yield limit;
    return;
  }
  const literal = next.kind === "literal" ? next.text : "";
  for (let end = key.indexOf(literal, at + 1); end !== -1 && end <= limit; end = key.indexOf(literal, end + 1))
    yield end;
}
