"use client";

import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";

type SegmentedProps<V extends string> = {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: ReactNode; title?: string }[];
};

/** One of a few, all visible. Arrow keys move, space chooses. */
export function Segmented<V extends string>({ label, value, onChange, options }: SegmentedProps<V>) {
  const handleChange = (next: string) => {
    const option = options.find((candidate) => candidate.value === next);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <ToggleGroup.Root
      type="single"
      value={value}
      onValueChange={handleChange}
      aria-label={label}
      className="inline-flex h-7 shrink-0 items-stretch rounded-md border border-line-strong bg-sunken p-0.5 touch:h-11"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          title={option.title}
          className="inline-flex items-center gap-1.5 rounded-sm px-2.5 text-sm whitespace-nowrap text-ink-2 hover:text-ink data-[state=on]:bg-raised data-[state=on]:font-medium data-[state=on]:text-ink data-[state=on]:shadow-card data-[state=on]:ring-1 data-[state=on]:ring-line-strong touch:min-w-11 touch:justify-center [&_svg]:size-3.5"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
