"use client";

import { Search, X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { useShortcuts } from "@/components/hooks/use-shortcuts";
import { classNames } from "@/components/ui/class-names";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";

type ServiceFindInputProps = {
  label: string;
  className: string;
  text: string;
  onText: (text: string) => void;
  /** Whether a key beside Escape meant something. */
  onKey: (key: string) => boolean;
};

/** A box to find a service by a part of its name: `/` leads to it, Escape clears it, and once more leaves it. */
export function ServiceFindInput({ label, className, text, onText, onKey }: ServiceFindInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => input.current?.focus() });
  const handleKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && text !== "") onText("");
    else if (event.key === "Escape") input.current?.blur();
    else if (!onKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <label
      className={classNames(
        "flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface pr-1 pl-2 text-ink-3 focus-within:outline-2 focus-within:outline-accent touch:h-11 max-phone:w-full",
        className,
      )}
    >
      <Search aria-hidden className="size-3.5 shrink-0" />
      <input
        aria-label={label}
        autoCapitalize="off"
        autoComplete="off"
        className="min-w-0 flex-1 border-0 bg-transparent text-md text-ink outline-none touch:text-[16px]"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={handleKey}
        placeholder="Find a service"
        ref={input}
        spellCheck={false}
        value={text}
      />
      {text === "" ? (
        <span className="max-phone:hidden">
          <Kbd>/</Kbd>
        </span>
      ) : (
        <IconButton label="Clear" onClick={() => onText("")} size="sm">
          <X aria-hidden />
        </IconButton>
      )}
    </label>
  );
}
