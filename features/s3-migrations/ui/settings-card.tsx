"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatNumber, formatShare } from "@/lib/format";
import { toShownName } from "@/lib/viewer-name";
import type { Configure, S3MigrationDetail, S3MigrationSnapshot } from "../contract";
import { windowText } from "../domain/time-windows";
import { PRIORITY_WORDS } from "./limit-fields";
import { SettingsDialog } from "./settings-dialog";

type Props = {
  snapshot: S3MigrationSnapshot;
  configs: S3MigrationDetail["configs"];
  isSending: boolean;
  onConfigure: (configure: Configure, reason: string | undefined) => void;
};

/** Limits, windows and priority as they are now, who changed them, and the way to change them while it runs. */
export function SettingsCard({ snapshot, configs, isSending, onConfigure }: Props) {
  const [isOpen, setOpen] = useState(false);
  const canChange = snapshot.allowedVerbs.includes("configure");
  return (
    <Card aria-labelledby="run-settings">
      <CardHeader
        id="run-settings"
        title="Limits and windows"
        meta={snapshot.configVersion === 1 ? "as planned" : `version ${snapshot.configVersion}`}
        actions={
          canChange ? (
            <Button size="sm" variant="ghost" disabled={isSending} onClick={() => setOpen(true)}>
              Change…
            </Button>
          ) : undefined
        }
      />
      {isOpen && (
        <SettingsDialog
          options={snapshot.options}
          onClose={() => setOpen(false)}
          onSave={(configure, reason) => {
            setOpen(false);
            onConfigure(configure, reason);
          }}
        />
      )}
      <dl className="grid grid-cols-[repeat(auto-fit,minmax(150px,1fr))] gap-x-4 gap-y-2.5 border-t border-line px-4 py-3">
        {rowsOf(snapshot.options).map(([name, value]) => (
          <div key={name} className="min-w-0">
            <dt className="text-sm text-ink-3">{name}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      {configs.length > 0 && (
        <ol aria-label="Changes" className="border-t border-line text-sm">
          {configs.slice(0, 5).map((config) => (
            <li key={config.version} className="flex flex-wrap gap-x-2 border-b border-line px-4 py-2 last:border-b-0">
              <b className="font-[550]">Version {config.version}</b>
              <span className="text-ink-2">by {toShownName(config.actor)}</span>
              <span className="ml-auto text-ink-3">
                <RelativeTime at={config.at} />
              </span>
              <span className="basis-full break-words text-ink-2">
                {config.changes
                  .map(({ field, from, to }) => `${nameOf(field)}: ${from ?? "none"} → ${to ?? "none"}`)
                  .join("; ")}
              </span>
              {config.reason !== null && <q className="basis-full text-ink-2">{config.reason}</q>}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

function rowsOf({
  limits,
  priority,
  concurrency,
  stopAtFailedShare,
}: S3MigrationSnapshot["options"]): [string, string][] {
  const { objectsPerSecond, requestsPerSecond, bytesPerSecond, windows } = limits;
  const rate = (value: number | undefined) => (value === undefined ? "no limit" : `${formatNumber(value)}/s`);
  return [
    ["Objects", rate(objectsPerSecond)],
    ["Requests", rate(requestsPerSecond)],
    ["Bytes", bytesPerSecond === undefined ? "no limit" : `${formatBytes(bytesPerSecond)}/s`],
    ["In flight per worker", `at most ${concurrency}`],
    ["Priority", PRIORITY_WORDS[priority]],
    ["Stops above", `${formatShare(stopAtFailedShare)} failures`],
    ["Windows", windows.length === 0 ? "at any time" : windows.map(windowText).join("; ")],
  ];
}

const NAMES: Record<string, string> = {
  concurrency: "in flight per worker",
  priority: "priority",
  maxAttempts: "attempts",
  stopAtFailedShare: "stops above",
  retireObjectsPerSecond: "deleted per second",
  "limits.objectsPerSecond": "objects per second",
  "limits.requestsPerSecond": "requests per second",
  "limits.bytesPerSecond": "bytes per second",
  "limits.windows": "windows",
};
const nameOf = (field: string): string => NAMES[field] ?? field;
