"use client";

import Link from "next/link";
import { useMemo, useState } from "react";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatDuration, formatNumber, formatShare } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { ServiceMapReply } from "../../contract";
import {
  ARROW_PX,
  BAD_ERROR_SHARE,
  type MapLabel,
  placeLabels,
  toEdgePath,
} from "../../domain/service-view/map-labels";
import { layOutMap, MAP_BOX, type MapEdge, type MapNode } from "../../domain/service-view/map-layout";
import { rateText } from "../../domain/service-view/rate-text";
import type { Place } from "./service-table";

type Edge = ServiceMapReply["edges"][number];
type Lit = { lit: string | undefined; onLit: (service: string | undefined) => void };

/** Who calls whom, as a picture with its figures and as the same list in words; on a phone the list alone. */
export function ServiceMap({ map, place }: { map: ServiceMapReply; place: Place }) {
  const layout = useMemo(() => layOutMap(map), [map]);
  const [lit, setLit] = useState<string | undefined>(undefined);
  if (map.nodes.length === 0)
    return <p className="px-4 py-8 text-center text-ink-2">No calls are known in this window.</p>;
  const nodes = new Map(map.nodes.map((node) => [node.service, node]));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section aria-label="Map of services" className="overflow-auto max-phone:hidden" tabIndex={0}>
        <div className="relative" style={{ width: layout.width, height: layout.height }}>
          <Edges edges={layout.edges} lit={lit} nodes={layout.nodes} />
          {layout.nodes.map((node) => (
            <NodeBox
              key={node.service}
              lit={lit}
              node={node}
              onLit={setLit}
              place={place}
              text={nodeText(nodes.get(node.service), node.isRemote)}
            />
          ))}
        </div>
      </section>
      <p className="border-t border-line px-4 py-1.5 text-xs text-ink-3 max-phone:hidden">
        At a line: calls, what failed, p95 as the caller saw it. Thicker lines are called more; dashed ones are known
        from samples only. Point at a service to see its calls alone.
      </p>
      <EdgeTable edges={map.edges} />
      <div className="border-t border-line px-4 py-2 text-xs text-ink-3">
        {map.notes.map(({ code, text }) => (
          <p key={code}>{text}</p>
        ))}
      </div>
    </>
  );
}

function nodeText(node: ServiceMapReply["nodes"][number] | undefined, isRemote: boolean): string {
  if (isRemote) return "sends no spans itself";
  if (node?.perSecond == null) return "begins no request";
  return `${rateText(node.perSecond)}${node.p95Us === null ? "" : `, p95 ${formatDuration(node.p95Us)}`}`;
}

type NodeBoxProps = Lit & { node: MapNode; text: string; place: Place };

function NodeBox({ node: { service, isRemote, x, y }, text, place, lit, onLit }: NodeBoxProps) {
  const classes = `absolute flex flex-col justify-center rounded-md border bg-surface px-2.5 text-sm text-ink no-underline ${isRemote ? "border-dashed" : "hover:bg-sunken"} ${lit === service ? "border-accent ring-1 ring-accent" : "border-line-strong"}`;
  const style = { left: x, top: y, width: MAP_BOX.width, height: MAP_BOX.height };
  const looking = { onMouseEnter: () => onLit(service), onMouseLeave: () => onLit(undefined) };
  const content = (
    <>
      <span className="flex min-w-0 items-center gap-1.5 font-medium">
        <ServiceMark service={service} />
        <bdi className="truncate" title={service}>
          {service}
        </bdi>
      </span>
      <span className="truncate text-xs text-ink-3" title={text}>
        {text}
      </span>
    </>
  );
  if (isRemote)
    return (
      <div className={classes} style={style} {...looking}>
        {content}
      </div>
    );
  return (
    <Link
      className={classes}
      href={routes.service(service, place)}
      onBlur={() => onLit(undefined)}
      onFocus={() => onLit(service)}
      prefetch={false}
      style={style}
      {...looking}
    >
      {content}
    </Link>
  );
}

const weightOf = ({ callCount, sampledCalls }: Edge): number => Math.log2(2 + (callCount ?? sampledCalls));

type EdgesProps = { edges: readonly MapEdge[]; nodes: readonly MapNode[]; lit: string | undefined };

/** All lines, those of the service that is looked at in full and with all their figures. */
function Edges({ edges, nodes, lit }: EdgesProps) {
  const isLit = ({ edge }: MapEdge) => lit === undefined || edge.parent === lit || edge.child === lit;
  const shown = edges.filter(isLit);
  const labels = placeLabels(shown, nodes);
  const busiest = edges.reduce((most, { edge }) => Math.max(most, weightOf(edge)), 1);
  return (
    <svg aria-hidden className="absolute inset-0 size-full">
      {edges.map((drawn) => (
        <EdgeLine
          drawn={drawn}
          isFaint={!isLit(drawn)}
          key={`${drawn.edge.parent} ${drawn.edge.child}`}
          share={weightOf(drawn.edge) / busiest}
        />
      ))}
      {labels.map((label) => (
        <EdgeLabel key={`${label.edge.parent} ${label.edge.child}`} label={label} />
      ))}
    </svg>
  );
}

function EdgeLine({ drawn, share, isFaint }: { drawn: MapEdge; share: number; isFaint: boolean }) {
  const { edge, points } = drawn;
  const end = points.at(-1);
  if (end === undefined) return null;
  const isBad = (edge.errorShare ?? 0) >= BAD_ERROR_SHARE;
  return (
    <g opacity={isFaint ? 0.18 : 1}>
      <path
        d={toEdgePath(drawn)}
        fill="none"
        stroke={isBad ? "var(--bad)" : "var(--line-strong)"}
        strokeDasharray={edge.callCount === null ? "5 3" : undefined}
        strokeWidth={1 + share * 2.5}
      />
      <path d={`M${end.x} ${end.y}l-${ARROW_PX + 1} -4v8z`} fill={isBad ? "var(--bad)" : "var(--ink-3)"} />
    </g>
  );
}

/** On the ground of the card, so that lines below do not run through the figures. */
function EdgeLabel({ label: { at, lines, isBad } }: { label: MapLabel }) {
  const top = at.y - ((lines.length - 1) * LINE_PX) / 2;
  return (
    <text
      className="text-[10.5px] tabular-nums"
      fill={isBad ? "var(--bad)" : "var(--ink-2)"}
      fontWeight={isBad ? 600 : 400}
      paintOrder="stroke"
      stroke="var(--surface)"
      strokeLinejoin="round"
      strokeWidth="4"
      textAnchor="middle"
    >
      {lines.map((line, row) => (
        <tspan key={line} x={at.x} y={top + row * LINE_PX + 3.5}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

const LINE_PX = 12;

function EdgeTable({ edges }: { edges: readonly Edge[] }) {
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
