"use client";

import { Command } from "cmdk";
import { Search } from "lucide-react";
import { Dialog } from "radix-ui";
import { type ReactNode, useEffect, useRef } from "react";
import { Kbd } from "@/components/ui/kbd";

export type PaletteItem = {
  id: string;
  label: string;
  icon?: ReactNode;
  /** Quiet text after the label: where it is, its state. */
  hint?: string | undefined;
  /** Further words it is found by. */
  keywords?: readonly string[];
  /** Keys that do the same. */
  keys?: readonly string[];
  onSelect: () => void;
};
export type PaletteGroup = { heading: string; items: readonly PaletteItem[] };

type PaletteProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  text: string;
  onTextChange: (text: string) => void;
  /** From here on the field hears the keyboard itself. */
  onFieldFocus?: () => void;
  groups: readonly PaletteGroup[];
};

/** Type where to go or what to do; arrows move, enter does it. */
export function Palette({ open, onOpenChange, text, onTextChange, onFieldFocus, groups }: PaletteProps) {
  const list = useRef<HTMLDivElement>(null);
  // Outside system: the list's scroll position. The best match is the first; a list left scrolled would hide it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is why it scrolls
  useEffect(() => {
    list.current?.scrollTo({ top: 0 });
  }, [text]);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100vw-32px)] max-w-[600px] -translate-x-1/2 overflow-hidden rounded-lg border border-line bg-raised shadow-raised focus:outline-none max-phone:inset-x-0 max-phone:top-0 max-phone:w-full max-phone:translate-x-0 max-phone:rounded-t-none"
        >
          <Dialog.Title className="sr-only">Go to or do</Dialog.Title>
          <Command loop label="Go to or do">
            <div className="flex items-center gap-2.5 border-b border-line px-4">
              <Search className="size-4 text-ink-3" aria-hidden />
              <Command.Input
                value={text}
                onValueChange={onTextChange}
                onFocus={onFieldFocus}
                placeholder="A page, a runbook, a migration, a trace id"
                className="h-12 w-full bg-transparent text-lg text-ink outline-none placeholder:text-ink-3"
              />
              <Kbd>esc</Kbd>
            </div>
            <Command.List ref={list} className="max-h-[min(420px,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-ink-2">
                Nothing is called that. A trace opens by its id, 16 or 32 hex digits.
              </Command.Empty>
              {groups
                .filter(({ items }) => items.length > 0)
                .map(({ heading, items }) => (
                  <Command.Group
                    key={heading}
                    heading={heading}
                    className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-ink-3"
                  >
                    {items.map((item) => (
                      <PaletteRow key={item.id} item={item} />
                    ))}
                  </Command.Group>
                ))}
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteRow({ item }: { item: PaletteItem }) {
  const { id, label, icon, hint, keywords = [], keys = [], onSelect } = item;
  return (
    <Command.Item
      value={id}
      keywords={[label, ...keywords]}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-sunken touch:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-ink-3"
    >
      {icon}
      <span className="truncate">{label}</span>
      {hint !== undefined && <span className="truncate text-sm text-ink-3">{hint}</span>}
      {keys.length > 0 && (
        <span className="ml-auto flex gap-1 max-phone:hidden">
          {keys.map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </span>
      )}
    </Command.Item>
  );
}
