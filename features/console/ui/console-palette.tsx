"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  ChartNoAxesGantt,
  CirclePlay,
  CloudUpload,
  Contrast,
  FlaskConical,
  Keyboard,
  NotebookText,
  Pause,
  Play,
} from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { setThemeChoice } from "@/components/providers/theme";
import { SECTIONS } from "@/components/shell/navigation";
import { Palette, type PaletteGroup, type PaletteItem } from "@/components/shell/palette";
import { type Route, routes } from "@/lib/routes";
import type { RunbookList, S3Migration, Sample } from "../domain/neighbours";
import { parseTraceId } from "../domain/parse-trace-id";
import { changeSample, commandS3Migration, runbooksQuery, runsQuery, s3MigrationsQuery, sampleQuery } from "../queries";

const NOT_STARTED = new Set(["draft", "archived"]);

type Tools = { go: (href: Route) => void; act: (work: () => void) => void };

type ConsolePaletteProps = {
  onClose: () => void;
  onShowKeys: () => void;
  /** What was typed before the field was there. */
  takeTyped: () => string;
};

/** Everything the console can reach or do, by name. */
export function ConsolePalette({ onClose, onShowKeys, takeTyped }: ConsolePaletteProps) {
  const router = useRouter();
  const client = useQueryClient();
  const [text, setText] = useState("");
  const runbooks = useQuery(runbooksQuery).data;
  const runs = useQuery(runsQuery).data?.runs ?? [];
  const migrations = useQuery(s3MigrationsQuery).data?.migrations ?? [];
  const sample = useQuery(sampleQuery).data;
  const act = (work: () => void) => {
    onClose();
    work();
  };
  const tools: Tools = { act, go: (href) => act(() => router.push(href)) };
  const groups: PaletteGroup[] = [
    { heading: "Trace", items: traceItems(text, tools) },
    { heading: "Go to", items: placeItems(tools) },
    {
      heading: "Runs in progress",
      items: runs
        .filter(({ status }) => status === "active")
        .map((run) => ({
          id: `run ${run.id}`,
          label: run.title,
          hint: `${run.doneCount} of ${run.stepCount} steps`,
          icon: <CirclePlay aria-hidden />,
          onSelect: () => tools.go(routes.run(run.id)),
        })),
    },
    { heading: "Start a run", items: startItems(runbooks, tools) },
    { heading: "Runbooks", items: runbookItems(runbooks, tools) },
    {
      heading: "S3 migrations",
      items: migrations.flatMap((migration) =>
        s3MigrationItems(migration, tools, (verb) => {
          // A refused command is explained where the migration is.
          commandS3Migration(client, migration, verb).catch(() => router.push(routes.s3Migration(migration.id)));
        }),
      ),
    },
    {
      heading: "This console",
      items: [
        ...themeItems(act),
        ...sampleItems(sample, act, (method) => {
          changeSample(client, method).catch(() => router.push(routes.overview()));
        }),
        {
          id: "keyboard map",
          label: "Show the keyboard map",
          icon: <Keyboard aria-hidden />,
          keys: ["?"],
          onSelect: onShowKeys,
        },
      ],
    },
  ];
  const handleFieldFocus = () => {
    const typed = takeTyped();
    if (typed !== "") setText((now) => typed + now);
  };
  return (
    <Palette
      open
      onOpenChange={onClose}
      text={text}
      onTextChange={setText}
      onFieldFocus={handleFieldFocus}
      groups={groups}
    />
  );
}

function traceItems(text: string, { go }: Tools): PaletteItem[] {
  const traceId = parseTraceId(text);
  if (traceId === undefined) return [];
  return [
    {
      id: `trace ${traceId}`,
      label: `Open trace ${traceId}`,
      keywords: [text],
      icon: <ChartNoAxesGantt aria-hidden />,
      onSelect: () => go(routes.trace(traceId)),
    },
  ];
}

function placeItems({ go }: Tools): PaletteItem[] {
  return [
    ...SECTIONS.map(({ key, label, href, icon: Icon, shortcut }) => ({
      id: `go ${key}`,
      label,
      icon: <Icon aria-hidden />,
      keys: ["g", shortcut],
      onSelect: () => go(href),
    })),
    {
      id: "new s3 migration",
      label: "New S3 migration",
      icon: <CloudUpload aria-hidden />,
      onSelect: () => go(routes.newS3Migration()),
    },
  ];
}

function startItems(list: RunbookList | undefined, { go }: Tools): PaletteItem[] {
  return (list?.runbooks ?? [])
    .filter(({ isTemplate, status, stepCount }) => !isTemplate && stepCount > 0 && !NOT_STARTED.has(status))
    .map(({ id, title, stepCount }) => ({
      id: `start ${id}`,
      label: `${title}…`,
      hint: `asks what for, then starts ${stepCount} ${stepCount === 1 ? "step" : "steps"}`,
      keywords: [id, "start a run"],
      icon: <CirclePlay aria-hidden />,
      onSelect: () => go(routes.runbook(id, { start: "1" })),
    }));
}

function runbookItems(list: RunbookList | undefined, { go }: Tools): PaletteItem[] {
  return (list?.runbooks ?? []).map(({ id, title, source }) => ({
    id: `runbook ${id}`,
    label: title,
    hint: source,
    keywords: [id, "read runbook"],
    icon: <NotebookText aria-hidden />,
    onSelect: () => go(routes.runbook(id)),
  }));
}

type Verb = "pause" | "resume";

function s3MigrationItems(migration: S3Migration, { go, act }: Tools, command: (verb: Verb) => void): PaletteItem[] {
  const { id, name, state, allowedVerbs } = migration;
  const open: PaletteItem = {
    id: `s3-migration ${id}`,
    label: name,
    hint: state.replaceAll("_", " "),
    keywords: ["s3 migration", id],
    icon: <CloudUpload aria-hidden />,
    onSelect: () => go(routes.s3Migration(id)),
  };
  const offer = (verb: Verb, label: string, icon: PaletteItem["icon"]): PaletteItem[] =>
    allowedVerbs.includes(verb)
      ? [{ id: `${verb} ${id}`, label: `${label} ${name}`, icon, onSelect: () => act(() => command(verb)) }]
      : [];
  return [open, ...offer("pause", "Pause", <Pause aria-hidden />), ...offer("resume", "Resume", <Play aria-hidden />)];
}

function themeItems(act: Tools["act"]): PaletteItem[] {
  const choices = { light: "Light theme", dark: "Dark theme", system: "Theme as the system" } as const;
  return (["light", "dark", "system"] as const).map((choice) => ({
    id: `theme ${choice}`,
    label: choices[choice],
    keywords: ["theme colour mode"],
    icon: <Contrast aria-hidden />,
    onSelect: () => act(() => setThemeChoice(choice)),
  }));
}

function sampleItems(
  sample: Sample | undefined,
  act: Tools["act"],
  change: (method: "POST" | "DELETE") => void,
): PaletteItem[] {
  if (sample === undefined || sample.state === "loading" || sample.state === "removing") return [];
  const isAbsent = sample.state === "absent";
  return [
    {
      id: "sample data",
      label: isAbsent ? "Load sample data" : "Remove sample data",
      icon: <FlaskConical aria-hidden />,
      onSelect: () => act(() => change(isAbsent ? "POST" : "DELETE")),
    },
  ];
}
