"use client";

import { useQuery } from "@tanstack/react-query";
import { IntentLink } from "@/components/shell/intent-link";
import { ThemeToggle } from "@/components/shell/theme-toggle";
import { routes } from "@/lib/routes";
import { LOCAL_NAME, toShownName } from "@/lib/viewer-name";
import { viewerQuery } from "../queries";

/** The person at this browser, and the theme. */
export function RailFoot() {
  const { data } = useQuery(viewerQuery);
  const isPerson = data !== undefined && data.role !== "local";
  const name = toShownName(data?.name ?? LOCAL_NAME);
  return (
    <div className="mt-2 flex items-center gap-2.5 border-t border-line pt-2 pl-2.5 slim:flex-col slim:pl-0">
      <IntentLink
        href={isPerson ? routes.account() : routes.settings()}
        title={isPerson ? `${name}: account and sign-out` : `${name}: change the name`}
        className="flex min-w-0 items-center gap-2.5 text-sm text-ink-2 no-underline hover:text-ink touch:min-h-11"
      >
        <span
          aria-hidden
          className="grid size-5 shrink-0 place-items-center rounded-full border border-line-strong bg-sunken text-[9.5px] font-semibold text-ink-2"
        >
          {toInitials(name)}
        </span>
        <span className="truncate slim:sr-only">{name}</span>
      </IntentLink>
      <span className="ml-auto slim:ml-0">
        <ThemeToggle />
      </span>
    </div>
  );
}

function toInitials(name: string): string {
  if (name === toShownName(LOCAL_NAME)) return "•";
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined]
    .map((word) => [...(word ?? "")][0] ?? "")
    .join("")
    .toUpperCase();
}
