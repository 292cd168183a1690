"use client";

import { CircleHelp } from "lucide-react";
import { useId, useState } from "react";
import { Chip } from "@/components/ui/chip";
import { IconButton } from "@/components/ui/icon-button";
import type { TraceTrust } from "../../domain/trace-trust";

/** How far the trace can be trusted, one badge a fact; what each means is a press away, also without a mouse. */
export function TrustBadges({ badges }: { badges: readonly TraceTrust[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  return (
    <>
      <div className="ml-auto flex min-w-0 items-center gap-1.5 max-desk:ml-0">
        <ul aria-label="How far this trace can be trusted" className="flex min-w-0 flex-wrap gap-1.5">
          {badges.map(({ text, why, tone }) => (
            <li key={text}>
              <Chip title={why} tone={tone}>
                {text}
              </Chip>
            </li>
          ))}
        </ul>
        <IconButton
          aria-controls={isOpen ? id : undefined}
          aria-expanded={isOpen}
          label="What these badges mean"
          onClick={() => setIsOpen(!isOpen)}
          size="sm"
        >
          <CircleHelp aria-hidden />
        </IconButton>
      </div>
      {isOpen && (
        <dl
          className="grid basis-full grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 rounded-md border border-line bg-surface px-3.5 py-2.5 text-sm max-phone:grid-cols-1"
          id={id}
        >
          {badges.map(({ text, why }) => (
            <div className="contents" key={text}>
              <dt className="font-medium">{text}</dt>
              <dd className="m-0 text-ink-2 [overflow-wrap:anywhere] whitespace-pre-line">{why}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
