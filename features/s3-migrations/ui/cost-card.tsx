import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { formatCount, formatDuration } from "@/lib/format";
import type { PlanCost } from "../contract";

const US_PER_SECOND = 1e6;

/** "2 min to 5 min", or one of them where they look the same; nobody plans by less than a second. */
export function rangeText({ quick, slow }: { quick: number; slow: number }): string {
  if (slow < 1) return "under 1 s";
  if (quick < 1) return `up to ${formatDuration(slow * US_PER_SECOND)}`;
  const [from, to] = [formatDuration(quick * US_PER_SECOND), formatDuration(slow * US_PER_SECOND)];
  return from === to ? from : `${from} to ${to}`;
}

/** "$0.70"; small sums as "under $0.01", never rounded to nothing. */
export function usdText(usd: number | null): string | undefined {
  if (usd === null) return undefined;
  if (usd > 0 && usd < 0.01) return "under $0.01";
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

export const requestsOf = ({ lines }: PlanCost): number => lines.reduce((sum, { requests }) => sum + requests, 0);

/** The destination's requests one by one, priced by a dated table where one knows the place. */
export function CostCard({ cost }: { cost: PlanCost }) {
  return (
    <Card aria-labelledby="cost">
      <CardHeader
        id="cost"
        title="Request cost"
        meta={cost.price === null ? "no price known" : `list prices of ${cost.price.asOf}`}
      />
      <table className="w-full border-t border-line text-sm">
        <caption className="sr-only">Requests at the destination</caption>
        <thead className="sr-only">
          <tr>
            <th scope="col">What</th>
            <th scope="col">Requests</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {cost.lines.map(({ what, requests, usd }) => (
            <tr key={what} className="border-b border-line last:border-0">
              <td className="px-4 py-1.5 text-ink-2">{what}</td>
              <td className="py-1.5 text-right tabular-nums">{formatCount(requests)}</td>
              <td className="px-4 py-1.5 text-right tabular-nums text-ink-2">{usdText(usd) ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <CardFooter className="grid gap-1">
        <p>{cost.proof}</p>
        <p>{cost.sentence}</p>
      </CardFooter>
    </Card>
  );
}
