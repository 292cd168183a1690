"use client";

import { PageHeader } from "@/components/shell/page-header";
import { Card, CardBody, CardFooter, CardHeader } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { formatBytes, formatDuration } from "@/lib/format";
import { MS_PER_HOUR, US_PER_MS } from "@/lib/units";
import type { Setting, SettingGroup } from "../contract";
import { AlertsCard } from "./alerts-card";
import { CommandBlock } from "./command-block";
import { NameForm } from "./name-form";
import { ProcessesCard } from "./processes-card";
import { ThemeForm } from "./theme-form";

/** What this console runs with, and the two things a person may choose for themself. */
export function SettingsScreen({ groups }: { groups: SettingGroup[] }) {
  return (
    <>
      <PageHeader title="Settings" />
      <div className="grid grid-cols-[minmax(0,1fr)_360px] items-start gap-4 max-tablet:grid-cols-1">
        <div className="grid min-w-0 gap-4 max-tablet:order-2">
          {groups.map((group) => (
            <SettingsCard key={group.title} group={group} />
          ))}
        </div>
        <div className="grid min-w-0 gap-4">
          <Card aria-labelledby="you">
            <CardHeader id="you" title="You, in this browser" />
            <CardBody className="grid gap-4">
              <NameForm />
              <ThemeForm />
            </CardBody>
          </Card>
          <AlertsCard />
          <Card aria-labelledby="change">
            <CardHeader id="change" title="How to change a setting" />
            <CardBody className="grid gap-2 text-ink-2">
              <p>
                Settings come from the environment or from a file <span className="mono">.env</span> beside the console,
                and are read once, at the start. The environment wins. A value that cannot be right is refused by name.
              </p>
              <CommandBlock title="For example" text="PORT=3001 npm start" />
              <CommandBlock title="Check all of them" text="npm run doctor" />
            </CardBody>
          </Card>
        </div>
      </div>
      <ProcessesCard className="mt-4" />
    </>
  );
}

function SettingsCard({ group: { title, settings } }: { group: SettingGroup }) {
  return (
    <Card aria-label={title}>
      <CardHeader title={title} />
      <dl>
        {settings.map((setting) => (
          <SettingRow key={setting.name} setting={setting} />
        ))}
      </dl>
      {title === "Runbooks and S3" && (
        <CardFooter>
          Secrets are read by the worker from its own environment. They are never stored or shown.
        </CardFooter>
      )}
    </Card>
  );
}

/** The value with its unit, where the bare number is hard to read. */
function inWords(name: string, value: string): string | undefined {
  if (name.endsWith("_BYTES")) return formatBytes(Number(value));
  return name.endsWith("_HOURS") ? formatDuration(Number(value) * MS_PER_HOUR * US_PER_MS) : undefined;
}

function SettingRow({ setting: { name, meaning, value, origin } }: { setting: Setting }) {
  return (
    <div className="grid grid-cols-[minmax(0,260px)_minmax(0,1fr)_72px] items-center gap-x-3 border-t border-line px-4 py-2 max-phone:grid-cols-[minmax(0,1fr)_auto] max-phone:px-3.5">
      <dt className="mono break-all font-medium">{name}</dt>
      <dd className="min-w-0 max-phone:col-span-2 max-phone:row-start-2">
        {value !== null && (
          <span className="flex min-w-0 items-center gap-1">
            <span className="mono min-w-0 break-all">{value}</span>
            {inWords(name, value) !== undefined && <span className="text-sm text-ink-2">= {inWords(name, value)}</span>}
            <CopyButton text={value} label={name} iconOnly />
          </span>
        )}
        <span className="block text-sm text-ink-3">{meaning}</span>
      </dd>
      <dd className={origin === "set" ? "text-right text-sm font-[550]" : "text-right text-sm text-ink-3"}>{origin}</dd>
    </div>
  );
}
