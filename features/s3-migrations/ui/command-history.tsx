"use client";

import { Card, CardHeader } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { RelativeTime } from "@/components/ui/relative-time";
import type { S3MigrationDetail, S3MigrationSnapshot } from "../contract";
import { VERB_WORDS } from "./migration-words";

type CommandHistoryProps = { commands: S3MigrationDetail["commands"]; snapshot: S3MigrationSnapshot };

/** Who told it what and when, newest first; a command the engine has not followed yet says so. */
export function CommandHistory({ commands, snapshot }: CommandHistoryProps) {
  return (
    <Card aria-labelledby="command-history">
      <CardHeader id="command-history" title="Commands" meta="who, when" />
      <ol className="border-t border-line text-sm">
        {commands.map((command) => (
          <li key={command.id} className="flex flex-wrap items-center gap-x-2 border-b border-line px-4 py-2">
            <b className="font-[550]">{VERB_WORDS[command.verb]}</b>
            <span className="text-ink-2">by {command.actor}</span>
            {command.appliedAt === null && <Chip tone="running">not followed yet</Chip>}
            <span className="ml-auto text-ink-3">
              <RelativeTime at={command.at} />
            </span>
            {command.reason !== null && <q className="basis-full text-ink-2">{command.reason}</q>}
          </li>
        ))}
        <li className="flex items-center gap-2 px-4 py-2">
          <b className="font-[550]">Created</b>
          <span className="text-ink-2">by {snapshot.createdBy}</span>
          <span className="ml-auto text-ink-3">
            <RelativeTime at={snapshot.createdAt} />
          </span>
        </li>
      </ol>
    </Card>
  );
}
