"use client";

import { ArrowLeftRight, ChevronDown, FileText, Link2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { ServiceMark } from "@/components/ui/service-mark";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { CompareReply } from "../../contract";
import {
  type CompareMode,
  type CompareSides,
  modeOf,
  subjectOf,
  windowText,
} from "../../domain/compare-view/compare-side";
import { clock } from "./clock";
import type { ModeChoice } from "./compare-modes";
import { SideSwatch } from "./side-swatch";

const TITLES: Record<CompareMode, string> = {
  release: "before and after",
  time: "then and now",
  speed: "fast and slow",
  usual: "beside the usual",
  traces: "two traces",
};

type CompareHeadProps = {
  sides: CompareSides;
  names: { before: string; after: string };
  reply: CompareReply | undefined;
  modes: readonly ModeChoice[];
  onSides: (sides: CompareSides) => void;
  onPick: (side: "a" | "b") => void;
  onReport: () => void;
  /** What is known between the two sides. */
  children?: ReactNode;
};

/** What is compared with what, and how far that can be trusted. */
export function CompareHead({ sides, names, reply, modes, onSides, onPick, onReport, children }: CompareHeadProps) {
  const mode = modeOf(sides);
  const subject = subjectOf(sides) ?? rootOf(reply);
  const title = subject?.operation ?? subject?.service ?? "Two traces";
  return (
    <section aria-label="What is compared" className="[&>header]:mb-2">
      <PageHeader
        actions={
          <>
            <ModeSwitch mode={mode} modes={modes} onSides={onSides} />
            <Button
              icon={<ArrowLeftRight aria-hidden />}
              onClick={() => onSides({ a: sides.b, b: sides.a })}
              size="sm"
              title="Swap the sides (s)"
            >
              Swap
            </Button>
            <Button disabled={reply === undefined} icon={<FileText aria-hidden />} onClick={onReport} size="sm">
              Draft issue
            </Button>
            <CopyLink />
          </>
        }
        breadcrumb={[
          { label: "Traces", href: routes.traces() },
          { label: title },
          { label: `${names.before} and ${names.after}` },
        ]}
        title={
          <span className="inline-flex min-w-0 flex-wrap items-baseline gap-x-2.5">
            <span className="inline-flex min-w-0 items-baseline gap-2.5">
              {subject !== undefined && <ServiceMark labelled service={subject.service} size={12} />}
              <bdi className="line-clamp-2 min-w-0 [overflow-wrap:anywhere]">{title}</bdi>
            </span>
            <span className="font-normal text-ink-2 max-phone:basis-full max-phone:text-lg">
              {subject === undefined && mode === "traces" ? "" : titleRest(mode, names)}
            </span>
          </span>
        }
      />
      <div className="mb-2.5 flex flex-wrap items-center gap-x-2 gap-y-1.5 text-sm max-phone:flex-col max-phone:items-stretch">
        <SideButton name={names.before} onPick={() => onPick("a")} reply={reply?.before} side="a" sides={sides} />
        <span aria-hidden className="text-ink-3 max-phone:hidden">
          →
        </span>
        <SideButton name={names.after} onPick={() => onPick("b")} reply={reply?.after} side="b" sides={sides} />
        {children}
        {reply !== undefined && <Checks checks={reply.checks} />}
      </div>
    </section>
  );
}

/** What two traces are both of: the root they have in common. */
function rootOf(reply: CompareReply | undefined): { service: string; operation: string | undefined } | undefined {
  const roots = reply?.steps.filter(({ parent }) => parent === -1) ?? [];
  const [root] = roots;
  if (roots.length !== 1 || root === undefined || root.before.presentIn * root.after.presentIn === 0) return undefined;
  return { service: root.service, operation: root.name };
}

function titleRest(mode: CompareMode | undefined, names: { after: string }): string {
  if (mode === undefined) return "compared";
  return mode === "release" ? `before and after ${names.after}` : TITLES[mode];
}

type ModeSwitchProps = {
  mode: CompareMode | undefined;
  modes: readonly ModeChoice[];
  onSides: (sides: CompareSides) => void;
};

/** Buttons rather than radios: what a mode would compare is made when it is chosen, and some cannot be. */
function ModeSwitch({ mode, modes, onSides }: ModeSwitchProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of toggle buttons, not of fields
    <div
      aria-label="Compare by"
      className="inline-flex h-7 min-w-0 items-stretch rounded-md border border-line-strong bg-sunken p-0.5 max-phone:w-full max-phone:overflow-x-auto touch:h-11"
      role="group"
    >
      {modes.map((choice) => (
        <button
          aria-pressed={choice.mode === mode}
          className="grow rounded-sm px-2.5 text-sm whitespace-nowrap text-ink-2 hover:text-ink disabled:text-ink-3 disabled:opacity-60 aria-pressed:bg-raised aria-pressed:font-medium aria-pressed:text-ink aria-pressed:shadow-card aria-pressed:ring-1 aria-pressed:ring-line-strong max-phone:px-1.5"
          disabled={choice.sides === undefined && choice.mode !== mode}
          key={choice.mode}
          onClick={() => choice.sides !== undefined && choice.mode !== mode && onSides(choice.sides)}
          title={choice.sides === undefined && choice.mode !== mode ? choice.whyNot : undefined}
          type="button"
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}

type SideButtonProps = {
  side: "a" | "b";
  sides: CompareSides;
  name: string;
  reply: CompareReply["before"] | undefined;
  onPick: () => void;
};

function SideButton({ side, sides, name, reply, onPick }: SideButtonProps) {
  const query = sides[side];
  const window = query.kind === "group" ? windowText(query.search, clock) : "";
  const requests =
    reply === undefined ? "" : reply.seenCount === 1 ? "1 request" : `${formatCount(reply.seenCount)} requests`;
  const details = [window === name ? "" : window, requests].filter((text) => text !== "").join(", ");
  return (
    <button
      className="inline-flex h-7 max-w-full min-w-0 items-center gap-2 rounded-md border border-line-strong bg-surface px-2 hover:bg-sunken touch:h-11 touch:px-3"
      onClick={onPick}
      type="button"
    >
      <SideSwatch side={side} />
      <span className="sr-only">{side === "a" ? "Before:" : "After:"}</span>
      <b className="truncate font-semibold" suppressHydrationWarning>
        {name}
      </b>
      <span className="truncate text-ink-3" suppressHydrationWarning>
        {details}
      </span>
      <ChevronDown aria-hidden className="ml-auto shrink-0 text-ink-3" size={13} />
    </button>
  );
}

function Checks({ checks }: { checks: CompareReply["checks"] }) {
  return (
    <ul aria-label="How far this can be trusted" className="ml-auto flex min-w-0 flex-wrap gap-1.5 max-phone:ml-0">
      {checks.map(({ code, isOk, text }) => (
        <li className="max-w-full min-w-0" key={code}>
          <Chip className="max-w-full" title={text} tone={isOk ? "ok" : code === "read_all" ? "neutral" : "warn"}>
            <span className="truncate">{text}</span>
          </Chip>
        </li>
      ))}
    </ul>
  );
}

function CopyLink() {
  const [said, setSaid] = useState("Copy link");
  const handleClick = () => {
    navigator.clipboard.writeText(window.location.href).then(
      () => setSaid("Copied"),
      () => setSaid("Not allowed"),
    );
  };
  return (
    <Button icon={<Link2 aria-hidden />} onBlur={() => setSaid("Copy link")} onClick={handleClick} size="sm">
      <span aria-live="polite">{said}</span>
    </Button>
  );
}
