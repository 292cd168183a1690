"use client";

import { type ReactNode, useId } from "react";

type SegmentedProps<V extends string> = {
  label: string;
  value: V;
  onChange: (value: V) => void;
  options: readonly { value: V; label: ReactNode; title?: string }[];
};

/** One of a few, all visible: a group of radio buttons, so arrow keys choose. */
export function Segmented<V extends string>({ label, value, onChange, options }: SegmentedProps<V>) {
  const name = useId();
  return (
    <fieldset
      aria-label={label}
      className="inline-flex h-7 min-w-0 shrink-0 items-stretch rounded-md border border-line-strong bg-sunken p-0.5 touch:h-[50px]"
    >
      {options.map((option) => (
        <label
          key={option.value}
          title={option.title}
          className="relative inline-flex cursor-pointer items-center gap-1.5 rounded-sm px-2.5 text-sm whitespace-nowrap text-ink-2 hover:text-ink has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-checked:shadow-card has-checked:ring-1 has-checked:ring-line-strong has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent touch:min-w-11 touch:justify-center [&_svg]:size-3.5"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none rounded-sm opacity-0"
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
