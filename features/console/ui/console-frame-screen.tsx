"use client";

import { Search } from "lucide-react";
import { usePathname, useRouter } from "next/navigation";
import { type ReactNode, Suspense, useState } from "react";
import { useEarlyKeys } from "@/components/hooks/use-early-keys";
import { type Shortcuts, useShortcuts } from "@/components/hooks/use-shortcuts";
import { useTypedAhead } from "@/components/hooks/use-typed-ahead";
import { ConsoleShell } from "@/components/shell/console-shell";
import { SECTIONS, type SectionKey, sectionOf } from "@/components/shell/navigation";
import { TimeRangePicker } from "@/components/shell/time-range-picker";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { lazyPart } from "@/components/ui/lazy-part";
import type { Health } from "@/lib/console-contract";
import { AlertsBell } from "./alerts-bell";
import { DatabaseBanner } from "./database-banner";
import { Freshness } from "./freshness";
import { RailFoot } from "./rail-foot";
import { SampleBanner } from "./sample-banner";
import { useBadges } from "./use-badges";
import { useKnownHealth } from "./use-known-health";

// Opened by few and late: neither belongs to the first load of a page.
const ConsolePalette = lazyPart(() => import("./console-palette").then((module) => module.ConsolePalette));
const KeyboardMap = lazyPart(() => import("@/components/shell/keyboard-map").then((module) => module.KeyboardMap));

/** Places whose figures depend on the time range. */
const WITH_TIME_RANGE: ReadonlySet<SectionKey> = new Set(["overview", "traces", "services"]);

type Open = "palette" | "keys" | undefined;

type FrameProps = {
  /** As the server knew it when it made the page: what the page asks itself may wait behind six others. */
  health?: Health | undefined;
  children: ReactNode;
};

/** The frame around every page: rail with live badges, top bar, palette, keyboard map, sample banner. */
export function ConsoleFrameScreen({ health, children }: FrameProps) {
  useKnownHealth(health);
  const badges = useBadges();
  const router = useRouter();
  const section = sectionOf(usePathname())?.key;
  const [open, setOpen] = useState<Open>(undefined);
  const typedAhead = useTypedAhead(() => setOpen(undefined));
  const close = () => {
    typedAhead.take();
    setOpen(undefined);
  };
  const show = (next: Open) => {
    if (next === "palette") typedAhead.start();
    setOpen(next);
  };
  const shortcuts: Shortcuts = {
    "mod+k": () => (open === "palette" ? close() : show("palette")),
    "?": () => setOpen("keys"),
    ...Object.fromEntries(SECTIONS.map(({ shortcut, href }) => [`g ${shortcut}`, () => router.push(href)])),
  };
  useShortcuts(shortcuts);
  useEarlyKeys((text) => {
    typedAhead.start(text);
    setOpen("palette");
  });
  return (
    <ConsoleShell
      badges={badges}
      banner={
        <>
          <DatabaseBanner />
          <SampleBanner />
        </>
      }
      railFoot={<RailFoot />}
      topBarEnd={
        <>
          <Freshness />
          {section !== undefined && WITH_TIME_RANGE.has(section) && (
            <Suspense>
              <TimeRangePicker />
            </Suspense>
          )}
          <AlertsBell />
          <OpenButtons onOpen={show} />
        </>
      }
    >
      {children}
      <Suspense>
        {open === "palette" && (
          <ConsolePalette onClose={close} onShowKeys={() => setOpen("keys")} takeTyped={typedAhead.take} />
        )}
        {open === "keys" && <KeyboardMap open onOpenChange={close} />}
      </Suspense>
    </ConsoleShell>
  );
}

function OpenButtons({ onOpen }: { onOpen: (open: Open) => void }) {
  return (
    <>
      <Button
        size="sm"
        className="max-phone:hidden"
        icon={<Search aria-hidden />}
        onClick={() => onOpen("palette")}
        aria-keyshortcuts="Meta+K Control+K"
      >
        <span className="font-normal text-ink-3">Go to or do</span>
        <Kbd>⌘K</Kbd>
      </Button>
      <span className="hidden max-phone:block">
        <IconButton label="Search and commands" onClick={() => onOpen("palette")}>
          <Search aria-hidden />
        </IconButton>
      </span>
      <Button size="sm" variant="ghost" className="max-tablet:hidden" onClick={() => onOpen("keys")}>
        Keys <Kbd>?</Kbd>
      </Button>
    </>
  );
}
