type Row = {
  id: number;
  at: string;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
  hash: string;
};

/** A spreadsheet runs a cell that begins like a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** One audit row, or the names of the columns, as a line of CSV (RFC 4180). */
export function toActivityCsv(event: Row | "header"): string {
  if (event === "header") return "id,at,actor,action,subject,detail,hash\r\n";
  const { id, at, actor, action, subject, detail, hash } = event;
  return `${[String(id), at, actor, action, subject, JSON.stringify(detail), hash].map(toCell).join(",")}\r\n`;
}

function toCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
