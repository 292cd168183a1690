"use client";

import Link from "next/link";
import { Card, CardFooter, CardHeader } from "@/components/ui/card";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatDuration, formatNumber, formatShare } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { ServiceMapReply } from "../../contract";
import {
  callBasis,
  callsOf,
  isEnoughToTell,
  noCallsText,
  type ServiceCalls,
} from "../../domain/service-view/call-list";
import { rateText } from "../../domain/service-view/rate-text";
import { HostStrip } from "./host-strip";

type CallCardProps = { map: ServiceMapReply; service: string; range: Record<string, string | number | undefined> };

/** Whom the service calls and who calls it, with how often, how long and how much fails. */
export function CallCard({ map, service, range }: CallCardProps) {
  const { callers, called } = told(callsOf(map, service), isEnoughToTell(map, service));
  const remote = new Set(map.nodes.filter(({ isRemote }) => isRemote).map((node) => node.service));
  return (
    <Card aria-labelledby="calls" className="overflow-clip">
      <CardHeader
        actions={
          <Link
            className="link text-sm touch:inline-flex touch:min-h-11 touch:items-center"
            href={routes.services({ ...range, view: "map" })}
            prefetch={false}
          >
            Map
          </Link>
        }
        id="calls"
        meta={callBasis(map, service)}
        title="Calls"
      />
      {called.length + callers.length === 0 ? (
        <p className="px-4 pb-4 text-ink-2">{noCallsText(map, service)}</p>
      ) : (
        <>
          {called.length > 0 && (
            <CallTable edges={called} label="It calls" range={range} remote={remote} side="child" />
          )}
          {callers.length > 0 && (
            <CallTable edges={callers} label="Called by" range={range} remote={remote} side="parent" />
          )}
        </>
      )}
      <HostStrip
        requestCount={map.nodes.find((node) => node.service === service)?.begunCount ?? null}
        service={service}
      />
      <CardFooter className="text-xs">
        {map.notes.map(({ code, text }) => (
          <p key={code}>{text}</p>
        ))}
      </CardFooter>
    </Card>
  );
}

type Edge = ServiceMapReply["edges"][number];

/** Of too few traces only who calls whom is told, and what the source itself counted. */
function told({ callers, called }: ServiceCalls, isEnough: boolean): ServiceCalls {
  const bare = (edge: Edge): Edge => ({ ...edge, perTrace: null, p95Us: null, errorShare: null });
  return isEnough ? { callers, called } : { callers: callers.map(bare), called: called.map(bare) };
}

type CallTableProps = {
  label: string;
  edges: readonly Edge[];
  side: "parent" | "child";
  remote: ReadonlySet<string>;
  range: CallCardProps["range"];
};

function CallTable({ label, edges, side, remote, range }: CallTableProps) {
  return (
    <table className="w-full border-collapse text-sm">
      <thead>
        <tr className="h-6 text-xs text-ink-3 [&>th]:border-b [&>th]:border-line [&>th]:px-2 [&>th]:text-right [&>th]:font-medium">
          <th className="pl-4! text-left!" scope="col">
            {label}
          </th>
          <th className="max-phone:hidden" scope="col">
            calls
          </th>
          <th scope="col">each</th>
          <th scope="col">p95</th>
          <th className="pr-4!" scope="col">
            failed
          </th>
        </tr>
      </thead>
      <tbody>
        {edges.map((edge) => (
          <CallRow edge={edge} isRemote={remote.has(edge[side])} key={edge[side]} name={edge[side]} range={range} />
        ))}
      </tbody>
    </table>
  );
}

type CallRowProps = { edge: Edge; name: string; isRemote: boolean; range: CallCardProps["range"] };

function CallRow({ edge, name, isRemote, range }: CallRowProps) {
  const isBad = (edge.errorShare ?? 0) >= 0.01;
  return (
    <tr className="h-8 border-b border-grid last:border-0 touch:h-11 [&>td]:px-2 [&>td]:text-right [&>td]:whitespace-nowrap [&>td]:tabular-nums">
      <th className="w-full max-w-0 pl-4 text-left font-normal" scope="row" title={name}>
        <span className="flex min-w-0 items-center gap-1.5">
          <ServiceMark service={name} />
          {isRemote ? (
            <span className="truncate">{name}</span>
          ) : (
            <Link
              className="link min-w-0 truncate touch:leading-[44px]"
              href={routes.service(name, range)}
              prefetch={false}
            >
              {name}
            </Link>
          )}
        </span>
      </th>
      <td className="max-phone:hidden">{edge.perSecond === null ? <Unknown /> : rateText(edge.perSecond)}</td>
      <td>{edge.perTrace === null ? <Unknown /> : formatNumber(Math.round(edge.perTrace * 10) / 10)}</td>
      <td>{edge.p95Us === null ? <Unknown /> : formatDuration(edge.p95Us)}</td>
      <td className={`pr-4! ${isBad ? "font-semibold text-bad" : ""}`}>
        {edge.errorShare === null ? <Unknown /> : `${isBad ? "▲ " : ""}${formatShare(edge.errorShare)}`}
      </td>
    </tr>
  );
}

function Unknown() {
  return (
    <span className="text-ink-3" title="Not known from the traces read so far">
      –
    </span>
  );
}
