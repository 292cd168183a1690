import { formatDuration, formatNumber, formatShare } from "@/lib/format";
import type { ServiceMapReply } from "../../contract";
import { BAD_ERROR_SHARE } from "../../domain/service-view/map-labels";
import { rateText } from "../../domain/service-view/rate-text";

type Edge = ServiceMapReply["edges"][number];

/** The calls of the map in words: for a phone, for the keyboard, and to read figures beside each other. */
export function EdgeTable({ edges }: { edges: readonly Edge[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label="Calls as a list" className="overflow-x-auto border-t border-line" tabIndex={0}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">The same calls as a list</caption>
        <thead>
          <tr className="h-7 text-xs text-ink-3 [&>th]:px-2 [&>th]:text-right [&>th]:font-medium">
            <th className="pl-4! text-left!" scope="col">
              Caller<span className="hidden max-phone:inline"> → called</span>
            </th>
            <th className="text-left! max-phone:hidden" scope="col">
              Called
            </th>
            <th scope="col">Calls</th>
            <th className="max-phone:hidden" scope="col">
              A request
            </th>
            <th scope="col">p95</th>
            <th className="pr-4!" scope="col">
              Failed
            </th>
          </tr>
        </thead>
        <tbody>
          {edges.map(({ parent, child, perSecond, perTrace, p95Us, errorShare }) => (
            <tr
              className="h-7 border-t border-grid [&>td]:px-2 [&>td]:text-right [&>td]:whitespace-nowrap [&>td]:tabular-nums"
              key={`${parent} ${child}`}
            >
              <td className="py-1 pl-4! text-left! max-phone:w-full max-phone:whitespace-normal! max-phone:[overflow-wrap:anywhere]">
                {parent}
                <span className="hidden text-ink-2 max-phone:block">→ {child}</span>
              </td>
              <td className="text-left! max-phone:hidden">{child}</td>
              <td>{perSecond === null ? "–" : rateText(perSecond)}</td>
              <td className="max-phone:hidden">
                {perTrace === null ? "–" : formatNumber(Math.round(perTrace * 10) / 10)}
              </td>
              <td>{p95Us === null ? "–" : formatDuration(p95Us)}</td>
              <td className={`pr-4! ${(errorShare ?? 0) >= BAD_ERROR_SHARE ? "font-semibold text-bad" : ""}`}>
                {errorShare === null ? "–" : formatShare(errorShare)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
