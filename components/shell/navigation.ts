import {
  ChartNoAxesGantt,
  CloudUpload,
  Gauge,
  History,
  ListChecks,
  type LucideIcon,
  NotebookText,
  SlidersHorizontal,
  Waypoints,
} from "lucide-react";
import type { Route } from "next";
import { routes } from "@/lib/routes";

export type SectionKey =
  | "overview"
  | "traces"
  | "services"
  | "runbooks"
  | "runs"
  | "s3-migrations"
  | "activity"
  | "settings";

export type Section = {
  key: SectionKey;
  label: string;
  /** For the phone bar, where five words share 360 px. */
  shortLabel: string;
  href: Route;
  icon: LucideIcon;
  /** Second key after `g`. */
  shortcut: string;
};

/** Every place of the console, in the order of the rail. Settings stands at its foot. */
export const SECTIONS: readonly Section[] = [
  { key: "overview", label: "Overview", shortLabel: "Overview", href: routes.overview(), icon: Gauge, shortcut: "o" },
  {
    key: "traces",
    label: "Traces",
    shortLabel: "Traces",
    href: routes.traces(),
    icon: ChartNoAxesGantt,
    shortcut: "t",
  },
  {
    key: "services",
    label: "Services",
    shortLabel: "Services",
    href: routes.services(),
    icon: Waypoints,
    shortcut: "s",
  },
  {
    key: "runbooks",
    label: "Runbooks",
    shortLabel: "Runbooks",
    href: routes.runbooks(),
    icon: NotebookText,
    shortcut: "b",
  },
  { key: "runs", label: "Runs", shortLabel: "Runs", href: routes.runs(), icon: ListChecks, shortcut: "r" },
  {
    key: "s3-migrations",
    label: "S3 migrations",
    shortLabel: "S3",
    href: routes.s3Migrations(),
    icon: CloudUpload,
    shortcut: "m",
  },
  { key: "activity", label: "Activity", shortLabel: "Activity", href: routes.activity(), icon: History, shortcut: "a" },
  {
    key: "settings",
    label: "Settings",
    shortLabel: "Settings",
    href: routes.settings(),
    icon: SlidersHorizontal,
    shortcut: ",",
  },
];

/** The section a path belongs to; the overview is only `/`. */
export function sectionOf(pathname: string): Section | undefined {
  return SECTIONS.find(({ href }) =>
    href === "/" ? pathname === "/" : pathname === href || pathname.startsWith(`${href}/`),
  );
}

/** Whether a page lays long rows beside a time axis and takes the rail's room for them: one trace, a comparison, paths. */
export function needsWidth(path: string): boolean {
  return /^\/traces\/[^/]+\/?$/.test(path);
}
