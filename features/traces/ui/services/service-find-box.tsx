"use client";

import { formatCount } from "@/lib/format";
import { ServiceFindInput } from "./service-find-input";

type ServiceFindBoxProps = { text: string; onText: (text: string) => void; found: number; onOpen: () => void };

/** Narrows the list to the services with a text in their name; Enter opens the first. */
export function ServiceFindBox({ text, onText, found, onOpen }: ServiceFindBoxProps) {
  const handleKey = (key: string): boolean => {
    if (key === "Enter" && text.trim() !== "") onOpen();
    return key === "Enter";
  };
  return (
    <search className="inline-flex items-center gap-2.5 max-phone:w-full max-phone:flex-wrap">
      <span aria-live="polite" className="text-sm text-ink-2">
        {text.trim() !== "" && `${formatCount(found)} found`}
      </span>
      <ServiceFindInput
        className="w-60"
        label="Find a service in the list"
        onKey={handleKey}
        onText={onText}
        text={text}
      />
    </search>
  );
}
