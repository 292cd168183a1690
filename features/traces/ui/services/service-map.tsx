"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { classNames } from "@/components/ui/class-names";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatDuration } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { ServiceMapReply } from "../../contract";
import { findInMap, neighboursOf, onlyShown } from "../../domain/service-view/map-find";
import {
  ARROW_PX,
  BAD_ERROR_SHARE,
  type MapLabel,
  placeLabels,
  toEdgePath,
} from "../../domain/service-view/map-labels";
import {
  FULL_SIZE,
  layOutMap,
  type MapEdge,
  type MapLayout,
  type MapNode,
  type MapSize,
  scrollToShow,
} from "../../domain/service-view/map-layout";
import { rateText } from "../../domain/service-view/rate-text";
import { useSearchValue, useTypedSearchValue } from "../compare/use-search-value";
import { EdgeTable } from "./edge-table";
import { MapFindBox } from "./map-find-box";
import type { Place } from "./service-table";

type Edge = ServiceMapReply["edges"][number];
/** How much a box stands out: the one that is meant, one that belongs to it, any, one that recedes. */
type Look = "meant" | "near" | "plain" | "far";

/** Who calls whom, as a picture with its figures and as the same list in words; on a phone the list alone. */
export function ServiceMap({ map, place }: { map: ServiceMapReply; place: Place }) {
  const router = useRouter();
  const [text, setText] = useTypedSearchValue("find");
  const [only, setOnly] = useSearchValue("only");
  const [stepped, setStepped] = useState<string | undefined>(undefined);
  const find = useMemo(() => findInMap(map, text, stepped), [map, text, stepped]);
  const hasFound = find !== undefined && find.matches.length > 0;
  const isOnly = only === "1" && hasFound;
  const drawn = useMemo(() => (isOnly ? onlyShown(map, find.shown) : map), [map, find, isOnly]);
  if (map.nodes.length === 0)
    return <p className="px-4 py-8 text-center text-ink-2">No calls are known in this window.</p>;
  const step = (by: 1 | -1) => {
    if (find?.active === undefined) return;
    const { matches, active } = find;
    setStepped(matches[(matches.indexOf(active) + by + matches.length) % matches.length]);
  };
  const open = () => {
    const active = map.nodes.find(({ service }) => service === find?.active);
    if (active !== undefined && !active.isRemote) router.push(routes.service(active.service, place));
  };
  return (
    <>
      <MapFindBox
        find={find}
        isOnly={isOnly}
        onOnly={(isWanted) => setOnly(isWanted ? "1" : "")}
        onOpen={open}
        onStep={step}
        onText={(next) => {
          setStepped(undefined);
          setText(next);
        }}
        serviceCount={map.nodes.length}
        text={text}
      />
      <MapPicture drawn={drawn} meant={find?.active} place={place} shown={hasFound ? find.shown : undefined} />
      <EdgeTable edges={hasFound ? onlyShown(map, find.shown).edges : map.edges} />
      <div className="border-t border-line px-4 py-2 text-xs text-ink-3">
        {map.notes.map(({ code, text: note }) => (
          <p key={code}>{note}</p>
        ))}
      </div>
    </>
  );
}

type MapPictureProps = {
  drawn: Pick<ServiceMapReply, "nodes" | "edges">;
  /** The service that is looked for, and all that stands out with it. */
  meant: string | undefined;
  shown: ReadonlySet<string> | undefined;
  place: Place;
};

function MapPicture({ drawn, meant, shown, place }: MapPictureProps) {
  const layout = useMemo(() => layOutMap(drawn), [drawn]);
  const [pointed, setPointed] = useState<string | undefined>(undefined);
  const lit = pointed ?? meant;
  const box = useRef<HTMLElement>(null);
  useInSight(box, layout, meant);
  const isSmall = layout.size !== FULL_SIZE;
  const nodes = useMemo(() => new Map(drawn.nodes.map((node) => [node.service, node])), [drawn]);
  const near = useMemo(() => (lit === undefined ? undefined : neighboursOf(drawn, lit)), [drawn, lit]);
  const lookOf = (service: string): Look => {
    if (service === lit) return "meant";
    if (near === undefined) return "plain";
    if (near.has(service)) return "near";
    return shown?.has(service) === true || (shown === undefined && !isSmall) ? "plain" : "far";
  };
  return (
    <>
      <section
        aria-label="Map of services"
        className={classNames("overflow-auto max-phone:hidden", isSmall && "max-h-[calc(100dvh-250px)] min-h-[320px]")}
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        <div className="relative mx-auto" style={{ width: layout.width, height: layout.height }}>
          <Edges layout={layout} lit={lit} />
          {layout.nodes.map((node) => (
            <NodeBox
              key={node.service}
              look={lookOf(node.service)}
              node={node}
              onPoint={setPointed}
              place={place}
              size={layout.size}
              text={nodeText(nodes.get(node.service), node.isRemote)}
            />
          ))}
        </div>
      </section>
      <p className="border-t border-line px-4 py-1.5 text-xs text-ink-3 max-phone:hidden">
        At a line: calls, what failed, p95 as the caller saw it. Thicker lines are called more; dashed ones are known
        from samples only.{" "}
        {isSmall ? "Point at a service, or find it, to see its figures." : "Point at a service to see its calls alone."}
      </p>
    </>
  );
}

/** Moves a map that does not fit its frame to the service that is looked for. */
function useInSight(box: RefObject<HTMLElement | null>, layout: MapLayout, meant: string | undefined): void {
  // Outside system: where the frame is scrolled to.
  useEffect(() => {
    const node = layout.nodes.find(({ service }) => service === meant);
    const frame = box.current;
    if (node === undefined || frame === null) return;
    frame.scrollTo(scrollToShow(node, layout, { width: frame.clientWidth, height: frame.clientHeight }));
  }, [box, layout, meant]);
}

function nodeText(node: ServiceMapReply["nodes"][number] | undefined, isRemote: boolean): string {
  if (isRemote) return "sends no spans itself";
  if (node?.perSecond == null) return "begins no request";
  return `${rateText(node.perSecond)}${node.p95Us === null ? "" : `, p95 ${formatDuration(node.p95Us)}`}`;
}

type NodeBoxProps = {
  node: MapNode;
  text: string;
  place: Place;
  size: MapSize;
  look: Look;
  onPoint: (service: string | undefined) => void;
};

const LOOKS: Record<Look, string> = {
  meant: "z-10 border-accent ring-1 ring-accent",
  near: "border-ink-3",
  plain: "border-line-strong",
  far: "border-line opacity-25",
};

function NodeBox({ node: { service, isRemote, x, y }, text, place, size, look, onPoint }: NodeBoxProps) {
  const isSmall = size !== FULL_SIZE;
  const classes = `absolute flex flex-col justify-center rounded-md border bg-surface px-2.5 text-sm text-ink no-underline ${isRemote ? "border-dashed" : "hover:bg-sunken"} ${LOOKS[look]}`;
  const style = { left: x, top: y, width: size.boxWidth, height: size.boxHeight };
  const looking = { onMouseEnter: () => onPoint(service), onMouseLeave: () => onPoint(undefined) };
  const content = (
    <>
      <span className="flex min-w-0 items-center gap-1.5 font-medium">
        <ServiceMark service={service} />
        <bdi className="truncate" title={`${service}: ${text}`}>
          {service}
        </bdi>
      </span>
      {!isSmall && (
        <span className="truncate text-xs text-ink-3" title={text}>
          {text}
        </span>
      )}
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
      onBlur={() => onPoint(undefined)}
      onFocus={() => onPoint(service)}
      prefetch={false}
      style={style}
      {...looking}
    >
      {content}
    </Link>
  );
}

const weightOf = ({ callCount, sampledCalls }: Edge): number => Math.log2(2 + (callCount ?? sampledCalls));

/** All lines, those of the service that is looked at in full and with all their figures. */
function Edges({ layout: { edges, nodes, size }, lit }: { layout: MapLayout; lit: string | undefined }) {
  const isSmall = size !== FULL_SIZE;
  const isLit = ({ edge }: MapEdge) =>
    lit === undefined ? !isSmall || isBad(edge) : edge.parent === lit || edge.child === lit;
  const labels = lit === undefined && isSmall ? [] : placeLabels(edges.filter(isLit), nodes, size);
  // Hundreds of lines over each other add up to a curtain: each alone is hardly there.
  const quiet = isSmall ? { plain: 0.22, far: 0.05 } : { plain: 1, far: 0.12 };
  const busiest = edges.reduce((most, { edge }) => Math.max(most, weightOf(edge)), 1);
  return (
    <svg aria-hidden className="absolute inset-0 size-full">
      {edges.map((drawn) => (
        <EdgeLine
          drawn={drawn}
          key={`${drawn.edge.parent} ${drawn.edge.child}`}
          opacity={isLit(drawn) ? 1 : quiet[lit === undefined ? "plain" : "far"]}
          share={weightOf(drawn.edge) / busiest}
          size={size}
        />
      ))}
      {labels.map((label) => (
        <EdgeLabel key={`${label.edge.parent} ${label.edge.child}`} label={label} />
      ))}
    </svg>
  );
}

const isBad = ({ errorShare }: Edge): boolean => (errorShare ?? 0) >= BAD_ERROR_SHARE;

type EdgeLineProps = { drawn: MapEdge; share: number; opacity: number; size: MapSize };

function EdgeLine({ drawn, share, opacity, size }: EdgeLineProps) {
  const { edge, points } = drawn;
  const end = points.at(-1);
  if (end === undefined) return null;
  const thickest = size === FULL_SIZE ? 2.5 : 1;
  return (
    <g opacity={opacity}>
      <path
        d={toEdgePath(drawn, size)}
        fill="none"
        stroke={isBad(edge) ? "var(--bad)" : "var(--line-strong)"}
        strokeDasharray={edge.callCount === null ? "5 3" : undefined}
        strokeWidth={1 + share * thickest}
      />
      <path d={`M${end.x} ${end.y}l-${ARROW_PX + 1} -4v8z`} fill={isBad(edge) ? "var(--bad)" : "var(--ink-3)"} />
    </g>
  );
}

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
