import type { ReactNode } from "react";
import { Breadcrumb } from "./breadcrumb";
import { PhoneBar } from "./phone-bar";
import { type Badges, Rail } from "./rail";

const NO_BADGES: Badges = {};

type ConsoleShellProps = {
  /** Live counts beside the places of the rail. */
  badges?: Badges;
  /** Who is here and the theme, at the foot of the rail. */
  railFoot?: ReactNode;
  /** Freshness, time range, palette. */
  topBarEnd?: ReactNode;
  /** One line above every page, for what holds everywhere (sample data). */
  banner?: ReactNode;
  children: ReactNode;
};

/** The frame of every page: skip link, rail, top bar, content, phone bar. Only the content changes from page to page. */
export function ConsoleShell({ badges = NO_BADGES, railFoot, topBarEnd, banner, children }: ConsoleShellProps) {
  return (
    <div className="grid min-h-dvh grid-cols-[auto_minmax(0,1fr)] max-phone:block max-phone:pb-[calc(60px+env(safe-area-inset-bottom))] print:block">
      <a
        href="#main"
        className="absolute -top-12 left-2 z-50 rounded-md border border-line-strong bg-surface px-3 py-2 text-ink focus:top-2"
      >
        Skip to content
      </a>
      <Rail badges={badges} foot={railFoot} />
      <div className="min-w-0">
        <header className="no-print sticky top-0 z-[15] flex h-12 items-center gap-3 border-b border-line bg-surface px-5 max-phone:gap-2 max-phone:pr-2 max-phone:pl-4">
          <Breadcrumb />
          <span className="grow" />
          {topBarEnd}
        </header>
        {banner}
        <main
          id="main"
          tabIndex={-1}
          className="w-full max-w-[1640px] p-5 outline-none max-phone:px-4 max-phone:pt-4 max-phone:pb-6"
        >
          {children}
        </main>
      </div>
      <PhoneBar badges={badges} />
    </div>
  );
}
