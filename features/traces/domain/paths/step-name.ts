/*
 * What makes two spans "the same step". Ids, numbers and literals differ from request to request and are taken out;
 * what a programmer wrote stays. Normalising what is normal already changes nothing.
 */

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
/** Eight or more hex digits with a decimal one among them: a hash or a short id, not a word such as "facade". */
const HEX = /(?<![a-z0-9])(?=[a-f]*\d)[0-9a-f]{8,}(?![a-z0-9])/gi;
/** A long token with four digits or more: ULIDs, base-62 keys. */
const TOKEN = /(?<![a-z0-9])(?=(?:[a-z]*\d){4})[a-z0-9]{20,}(?![a-z0-9])/gi;
/** Numbers that stand alone, addresses and versions of numbers too. Digits glued to a word (s3, v1, oauth2) are its name. */
const NUMBER = /(?<![a-z0-9.])\d+(?:\.\d+)*(?![a-z0-9])/gi;

/** A span's name without what changes from request to request: `GET /users/42` → `GET /users/{n}`. */
export function normaliseName(name: string): string {
  if (!/\d/.test(name)) return name;
  return name.replace(UUID, "{id}").replace(HEX, "{id}").replace(TOKEN, "{id}").replace(NUMBER, "{n}");
}

const STATEMENT =
  /^\s*\(?\s*(?:select|insert|update|delete|with|merge|replace|upsert|start transaction|savepoint|execute|explain|create|alter|drop|truncate|fetch|declare|prepare|deallocate)\s|^\s*(?:begin|commit|rollback)\b/i;
const COMMENT = /\/\*.*?(?:\*\/|$)/g;
/** A literal, or one that was cut off at the end of the line. */
const LITERAL = /(?:\b[eEnNxX])?'(?:[^'\\]|''|\\.)*(?:'|$)/g;
const PARAMETER = /[$:@]\d+\b|(?<![\w"`.$])-?\d+(?:\.\d+)?(?:e[+-]?\d+)?\b|\b0x[0-9a-f]+\b/gi;
const LIST = /\(\s*\?(?:\s*,\s*\?)*\s*(?:\)|,?\s*…?\s*$)/g;
const ROWS = /\(\?\)(?:\s*,\s*\(\?\)?)+/g;

/** SQL without its values: literals, numbers and parameters become `?`, lists of them one; comments go. */
export function normaliseStatement(statement: string): string {
  return statement
    .replace(COMMENT, " ")
    .replace(LITERAL, "?")
    .replace(PARAMETER, "?")
    .replace(/\s+/g, " ")
    .replace(LIST, "(?)")
    .replace(ROWS, "(?)")
    .trim();
}

/** Whether a span's one-line detail is a statement in SQL; words that Redis has too (`SET`, `COPY`) do not count. */
export function isStatement(detail: string): boolean {
  return STATEMENT.test(detail.startsWith("/*") ? detail.replace(COMMENT, " ") : detail);
}
