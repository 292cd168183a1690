import { Card, CardHeader } from "@/components/ui/card";
import type { CompareReply } from "../../contract";
import { ratioText } from "../../domain/compare-view/compare-report";
import { type RequestRow, toRequestRows } from "../../domain/compare-view/request-table";

/** Ratios from a fourth to 64 times have a length of their own; more is as long. */
const MAX_LOG2 = 6;

type RequestTableProps = {
  reply: CompareReply;
  names: { before: string; after: string };
  /** Above the table, where it stands alone. */
  title?: string | undefined;
};

/** What one request costs on each side, and how many times as much. */
export function RequestTable({ reply, names, title }: RequestTableProps) {
  return (
    <Card aria-label="Per request" className="overflow-clip">
      {title !== undefined && <CardHeader id="per-request" title={title} />}
      <table className="w-full border-collapse text-md">
        <thead>
          <tr className="h-[30px] text-xs text-ink-3 [&>th]:border-b [&>th]:border-line [&>th]:px-1.5 [&>th]:font-medium">
            <th className="pl-3! text-left" scope="col">
              Per request
            </th>
            <th className="max-w-[16ch] truncate text-right" scope="col" title={names.before}>
              {names.before}
            </th>
            <th className="max-w-[16ch] truncate text-right" scope="col" title={names.after}>
              {names.after}
            </th>
            <th className="w-24 max-phone:hidden">
              <span className="sr-only">Change as a bar</span>
            </th>
            <th className="pr-3! text-right" scope="col">
              ×
            </th>
          </tr>
        </thead>
        <tbody>
          {toRequestRows(reply).map((row) => (
            <tr
              className="h-[25px] border-b border-grid last:border-0 max-phone:h-8 [&>td]:px-1.5 [&>td]:whitespace-nowrap [&>td]:tabular-nums"
              key={row.label}
            >
              <th className="max-w-[22ch] truncate pl-3 text-left font-normal" scope="row" title={row.label}>
                {row.label}
              </th>
              <td className="text-right text-ink-2">{row.before}</td>
              <td className="text-right font-semibold">{row.after}</td>
              <td className="max-phone:hidden">
                <RatioBar row={row} />
              </td>
              <td className={`pr-3! text-right ${row.isAlike ? "text-ink-3" : "font-semibold"}`}>{ratioText(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function RatioBar({ row: { ratio, isAlike } }: { row: RequestRow }) {
  if (ratio === null || ratio <= 0 || isAlike)
    return <span aria-hidden className="block h-[11px] border-l border-line-strong" />;
  const log = Math.min(MAX_LOG2, Math.abs(Math.log2(ratio)));
  return (
    <span aria-hidden className="block h-[11px] border-l border-ink-3 py-[3px]">
      <i
        className={`block h-[5px] rounded-r-[1px] ${ratio > 1 ? "bg-accent" : "bg-line-strong"}`}
        style={{ width: `${(log / MAX_LOG2) * 100}%` }}
      />
    </span>
  );
}
