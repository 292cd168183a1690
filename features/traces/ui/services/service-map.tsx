"use client";

import Link from "next/link";
import { useMemo } from "react";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatDuration, formatNumber, formatShare } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { ServiceMapReply } from "../../contract";
import { layOutMap } from "../../domain/service-view/call-list";
import { rateText } from "../service/red-plot";
import type { Place } from "./service-table";

const COLUMN_PX = 250;
const ROW_PX = 76;
const BOX = { width: 180, height: 46 };
const PAD_PX = 16;

type Edge = ServiceMapReply["edges"][number];

/** Who calls whom, as a picture and as the same list in words. */
export function ServiceMap({ map, place }: { map: ServiceMapReply; place: Place }) {
  const layout = useMemo(() => layOutMap(map), [map]);
  const at = new Map(
    layout.nodes.map(({ service, column, row }) => [
      service,
      { x: PAD_PX + column * COLUMN_PX, y: PAD_PX + row * ROW_PX },
    ]),
  );
  const width = PAD_PX * 2 + (layout.columnCount - 1) * COLUMN_PX + BOX.width;
  const height = PAD_PX * 2 + (layout.rowCount - 1) * ROW_PX + BOX.height;
  const busiest = map.edges.reduce((most, edge) => Math.max(most, weightOf(edge)), 1);
  const nodes = new Map(map.nodes.map((node) => [node.service, node]));
  if (map.nodes.length === 0)
    return <p className="px-4 py-8 text-center text-ink-2">No calls are known in this window.</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label="Map of services" className="overflow-auto" tabIndex={0}>
        <div className="relative" style={{ width, height }}>
          <svg aria-hidden className="absolute inset-0" height={height} width={width}>
            {map.edges.map((edge) => (
              <EdgeLine
                edge={edge}
                from={at.get(edge.parent)}
                key={`${edge.parent} ${edge.child}`}
                share={weightOf(edge) / busiest}
                to={at.get(edge.child)}
              />
            ))}
          </svg>
          {layout.nodes.map(({ service, isRemote }) => {
            const node = nodes.get(service);
            const spot = at.get(service) ?? { x: 0, y: 0 };
            const classes = `absolute flex flex-col justify-center rounded-md border bg-surface px-3 text-sm text-ink no-underline ${isRemote ? "border-dashed border-line-strong" : "border-line-strong hover:bg-sunken"}`;
            const text = (
              <>
                <span className="flex min-w-0 items-center gap-1.5 font-medium">
                  <ServiceMark service={service} />
                  <bdi className="truncate" title={service}>
                    {service}
                  </bdi>
                </span>
                <span className="truncate text-xs text-ink-3">{nodeText(node, isRemote)}</span>
              </>
            );
            const style = { left: spot.x, top: spot.y, width: BOX.width, height: BOX.height };
            return isRemote ? (
              <div className={classes} key={service} style={style}>
                {text}
              </div>
            ) : (
              <Link
                className={classes}
                href={routes.service(service, place)}
                key={service}
                prefetch={false}
                style={style}
              >
                {text}
              </Link>
            );
          })}
        </div>
      </section>
      <EdgeTable edges={map.edges} />
      <div className="border-t border-line px-4 py-2 text-xs text-ink-3">
        {map.notes.map(({ code, text }) => (
          <p key={code}>{text}</p>
        ))}
      </div>
    </>
  );
}

const weightOf = ({ callCount, sampledCalls }: Edge): number => Math.log2(2 + (callCount ?? sampledCalls));

function nodeText(node: ServiceMapReply["nodes"][number] | undefined, isRemote: boolean): string {
  if (isRemote) return "sends no spans itself";
  if (node?.perSecond == null) return "begins no request";
  return `${rateText(node.perSecond)}${node.p95Us === null ? "" : `, p95 ${formatDuration(node.p95Us)}`}`;
}

type Spot = { x: number; y: number };

function EdgeLine({
  edge,
  from,
  to,
  share,
}: {
  edge: Edge;
  from: Spot | undefined;
  to: Spot | undefined;
  share: number;
}) {
  if (from === undefined || to === undefined) return null;
  const isBack = to.x <= from.x;
  const [x1, y1] = [from.x + (isBack ? BOX.width / 2 : BOX.width), from.y + (isBack ? BOX.height : BOX.height / 2)];
  const [x2, y2] = [isBack ? to.x + BOX.width / 2 : to.x - 5, to.y + (isBack ? BOX.height : BOX.height / 2)];
  const bend = isBack ? 40 : (x2 - x1) / 2;
  const path = isBack
    ? `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 + bend} ${x2} ${y2}`
    : `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  const isBad = (edge.errorShare ?? 0) >= 0.01;
  const colour = isBad ? "var(--bad)" : "var(--line-strong)";
  return (
    <g>
      <path
        d={path}
        fill="none"
        stroke={colour}
        strokeDasharray={edge.callCount === null ? "5 3" : undefined}
        strokeWidth={1 + share * 4}
      />
      {!isBack && <path d={`M${x2 + 4} ${y2}l-7 -4v8z`} fill={isBad ? "var(--bad)" : "var(--ink-3)"} />}
    </g>
  );
}

function EdgeTable({ edges }: { edges: readonly Edge[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label="Calls as a list" className="overflow-x-auto border-t border-line" tabIndex={0}>
      <table className="w-full border-collapse text-sm">
        <caption className="sr-only">The same calls as a list</caption>
        <thead>
          <tr className="h-7 text-xs text-ink-3 [&>th]:px-2 [&>th]:text-right [&>th]:font-medium">
            <th className="pl-4! text-left!" scope="col">
              Caller
            </th>
            <th className="text-left!" scope="col">
              Called
            </th>
            <th scope="col">Rate</th>
            <th scope="col">A request</th>
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
              <td className="pl-4! text-left!">{parent}</td>
              <td className="text-left!">{child}</td>
              <td>{perSecond === null ? "–" : rateText(perSecond)}</td>
              <td>{perTrace === null ? "–" : formatNumber(Math.round(perTrace * 10) / 10)}</td>
              <td>{p95Us === null ? "–" : formatDuration(p95Us)}</td>
              <td className={`pr-4! ${(errorShare ?? 0) >= 0.01 ? "font-semibold text-bad" : ""}`}>
                {errorShare === null ? "–" : formatShare(errorShare)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
