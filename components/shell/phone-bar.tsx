"use client";

import { Ellipsis } from "lucide-react";
import { usePathname } from "next/navigation";
import { classNames } from "@/components/ui/class-names";
import { Menu, MenuItem } from "@/components/ui/menu";
import { IntentLink } from "./intent-link";
import { SECTIONS, type SectionKey, sectionOf } from "./navigation";
import type { Badges } from "./rail";

const IN_BAR: ReadonlySet<SectionKey> = new Set(["overview", "traces", "runs", "s3-migrations"]);
const ITEM =
  "relative flex min-w-0 flex-col items-center justify-center gap-[3px] border-0 bg-transparent text-xs/3 font-medium no-underline";
const ACTIVE =
  "font-semibold text-accent before:absolute before:-top-px before:h-0.5 before:w-7 before:rounded-b-sm before:bg-accent";

/** The rail of a phone: four places and the rest, at the thumb. */
export function PhoneBar({ badges }: { badges: Badges }) {
  const active = sectionOf(usePathname());
  const rest = SECTIONS.filter(({ key }) => !IN_BAR.has(key));
  const isRestActive = active !== undefined && !IN_BAR.has(active.key);
  return (
    <nav
      aria-label="Main, on a phone"
      className="no-print fixed inset-x-0 bottom-0 z-30 hidden h-[calc(60px+env(safe-area-inset-bottom))] grid-cols-5 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] max-phone:grid"
    >
      {SECTIONS.filter(({ key }) => IN_BAR.has(key)).map(({ key, shortLabel, href, icon: Icon }) => (
        <IntentLink
          key={key}
          href={href}
          aria-current={active?.key === key ? "page" : undefined}
          className={classNames(ITEM, active?.key === key ? ACTIVE : "text-ink-2")}
        >
          <Icon className="size-5" strokeWidth={1.6} aria-hidden />
          {shortLabel}
          {badges[key]?.tone === "due" && (
            <span className="absolute top-[7px] left-[calc(50%+7px)] h-[15px] min-w-[15px] rounded-full bg-warn px-1 text-center text-[10px]/[15px] font-semibold text-surface">
              {Number.parseInt(badges[key].text, 10) || "!"}
            </span>
          )}
        </IntentLink>
      ))}
      <Menu
        label="More places"
        trigger={
          <button type="button" className={classNames(ITEM, isRestActive ? ACTIVE : "text-ink-2")}>
            <Ellipsis className="size-5" strokeWidth={1.6} aria-hidden />
            More
          </button>
        }
      >
        {rest.map(({ key, label, href, icon: Icon }) => (
          <MenuItem key={key} asChild>
            <IntentLink href={href}>
              <Icon aria-hidden />
              {label}
            </IntentLink>
          </MenuItem>
        ))}
      </Menu>
    </nav>
  );
}
