"use client";

import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";
import { BrandMark } from "./brand-mark";
import { IntentLink } from "./intent-link";
import { needsWidth, SECTIONS, type Section, type SectionKey, sectionOf } from "./navigation";

export type Badge = { text: string; tone: "quiet" | "due"; title: string };
export type Badges = Partial<Record<SectionKey, Badge>>;

type RailProps = { badges: Badges; foot: ReactNode };

/** The left rail: 208 px; 56 px of icons up to 1180 px and on pages that need the width; absent on a phone. */
export function Rail({ badges, foot }: RailProps) {
  const path = usePathname();
  const active = sectionOf(path)?.key;
  const isFoot = (section: Section) => section.key === "settings";
  const item = (section: Section) => (
    <RailLink key={section.key} section={section} isActive={section.key === active} badge={badges[section.key]} />
  );
  return (
    <nav
      aria-label="Main"
      data-rail={needsWidth(path) ? "slim" : undefined}
      className="no-print sticky top-0 z-20 flex h-dvh w-[208px] flex-col slim:w-14 gap-0.5 border-r border-line bg-surface px-2 py-3 max-phone:hidden"
    >
      <IntentLink
        href="/"
        aria-label="ops-console"
        className="mb-2 flex h-8 items-center gap-2.5 px-2 font-semibold tracking-[-0.01em] text-ink no-underline slim:px-2.5"
      >
        <BrandMark />
        <span className="slim:hidden">ops-console</span>
      </IntentLink>
      {SECTIONS.filter((section) => !isFoot(section)).map(item)}
      <span className="grow" />
      {SECTIONS.filter(isFoot).map(item)}
      {foot}
    </nav>
  );
}

type RailLinkProps = { section: Section; isActive: boolean; badge: Badge | undefined };

function RailLink({ section, isActive, badge }: RailLinkProps) {
  const { icon: Icon, label, href } = section;
  return (
    <IntentLink
      href={href}
      aria-current={isActive ? "page" : undefined}
      title={badge === undefined ? label : `${label}: ${badge.title}`}
      className={classNames(
        "relative flex h-8 items-center gap-2.5 rounded-md px-2.5 no-underline hover:bg-sunken hover:text-ink touch:h-11 slim:px-[11px]",
        isActive ? "bg-sunken font-[550] text-ink" : "text-ink-2",
      )}
    >
      <Icon className="size-4 shrink-0" strokeWidth={1.7} aria-hidden />
      <span className="truncate slim:sr-only">{label}</span>
      {badge !== undefined && (
        <span
          className={classNames(
            "ml-auto text-xs font-[550] whitespace-nowrap tabular-nums",
            badge.tone === "due" ? "rounded-full bg-warn-soft px-1.5 text-warn" : "text-ink-3",
            "slim:absolute slim:top-0 slim:-right-0.5 slim:rounded-full slim:bg-surface slim:px-1 slim:text-[9.5px]/3",
          )}
        >
          {badge.text}
          <span className="sr-only"> ({badge.title})</span>
        </span>
      )}
    </IntentLink>
  );
}
