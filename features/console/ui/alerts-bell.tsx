"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { Dialog } from "@/components/ui/dialog";
import { IconButton } from "@/components/ui/icon-button";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { Alert } from "../contract";
import { alertsQuery, consoleKeys, markAlertsRead } from "../queries";

/** Unread alerts in the top bar of every page, and the newest fifty behind it. */
export function AlertsBell() {
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery(alertsQuery);
  const client = useQueryClient();
  const read = useMutation({
    mutationFn: markAlertsRead,
    onSuccess: (reply) => client.setQueryData(consoleKeys.alerts(), reply),
  });
  const unread = data?.unread ?? 0;
  const newest = data?.alerts[0]?.id;
  const label = unread === 0 ? "Alerts" : `Alerts, ${formatCount(unread)} unread`;
  return (
    <Dialog
      open={isOpen}
      onOpenChange={setOpen}
      title="Alerts"
      description={unread === 0 ? "Nothing new." : `${formatCount(unread)} unread.`}
      trigger={
        <IconButton label={label} className="relative">
          <Bell aria-hidden />
          {unread > 0 && (
            <span aria-hidden className="absolute top-0 right-0 size-2 rounded-full bg-bad touch:top-2 touch:right-2" />
          )}
        </IconButton>
      }
      footer={
        unread > 0 && newest !== undefined ? (
          <Button disabled={read.isPending} onClick={() => read.mutate(newest)}>
            Mark all as read
          </Button>
        ) : undefined
      }
    >
      {data === undefined || data.alerts.length === 0 ? (
        <p className="py-6 text-center text-ink-3">
          No alert yet. A stop, a stall, throttling and the end of an S3 migration appear here.
        </p>
      ) : (
        <ul className="-mx-1 max-h-[60dvh] overflow-y-auto border-t border-line">
          {data.alerts.map((alert) => (
            <AlertLine key={alert.id} alert={alert} onFollow={() => setOpen(false)} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

const TONES = { info: "ok", warning: "warn", critical: "bad" } as const;

function AlertLine({ alert, onFollow }: { alert: Alert; onFollow: () => void }) {
  const { severity, title, body, at, isRead, subject } = alert;
  return (
    <li className="border-b border-line px-1 py-2.5">
      <div className="flex items-baseline gap-2">
        <StateGlyph tone={TONES[severity]} />
        <Link
          href={pageOf(subject)}
          onClick={onFollow}
          className={classNames(
            "min-w-0 break-words text-ink no-underline hover:underline",
            !isRead && "font-semibold",
          )}
        >
          {title}
          {!isRead && <span className="sr-only"> (unread)</span>}
        </Link>
        <span className="ml-auto shrink-0 text-sm text-ink-3">
          <RelativeTime at={at} />
        </span>
      </div>
      <p className="mt-0.5 break-words text-sm text-ink-2">{body}</p>
      {alert.deliveries.map((delivery) => (
        <p key={`${delivery.channel} ${delivery.target}`} className="mt-0.5 break-words text-sm text-ink-3">
          {deliveryText(delivery)}
        </p>
      ))}
    </li>
  );
}

function deliveryText({ channel, target, state, attempts, error }: Alert["deliveries"][number]): string {
  const where = `${channel === "email" ? "E-mail to" : "Webhook"} ${target}`;
  if (state === "delivered") return `${where}: delivered${attempts > 1 ? ` at attempt ${attempts}` : ""}`;
  if (state === "waiting") return `${where}: not sent yet`;
  const why = error === null ? "" : `: ${error}`;
  return state === "given_up"
    ? `${where}: given up after ${attempts} attempts${why}`
    : `${where}: attempt ${attempts} failed, it is repeated${why}`;
}

function pageOf(subject: string) {
  const [kind, id] = subject.split(":");
  return kind === "s3-migration" && id !== undefined
    ? routes.s3Migration(id)
    : kind === "console"
      ? routes.settings()
      : routes.activity();
}
