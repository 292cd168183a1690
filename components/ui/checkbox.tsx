"use client";

import { Check, Minus } from "lucide-react";
import { Checkbox as RadixCheckbox } from "radix-ui";
import { type ReactNode, useId } from "react";
import { classNames } from "./class-names";

type CheckboxProps = {
  checked: boolean | "indeterminate";
  onChange: (checked: boolean) => void;
  /** Visible text; without it give `aria-label`. */
  label?: ReactNode;
  "aria-label"?: string;
  disabled?: boolean;
  className?: string;
};

/** A 16-px box whose target, with its label, is 44 px under a finger. */
export function Checkbox({ checked, onChange, label, disabled = false, className, ...aria }: CheckboxProps) {
  const id = useId();
  return (
    <span className={classNames("inline-flex items-center gap-2 touch:min-h-11", className)}>
      <RadixCheckbox.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next === true)}
        className="relative grid size-4 shrink-0 place-items-center rounded-sm border-[1.5px] border-line-strong bg-surface text-accent-ink after:absolute after:inset-[-6px] disabled:opacity-50 data-[state=checked]:border-accent data-[state=checked]:bg-accent data-[state=indeterminate]:border-accent data-[state=indeterminate]:bg-accent touch:after:inset-[-14px]"
        {...aria}
      >
        <RadixCheckbox.Indicator>
          {checked === "indeterminate" ? (
            <Minus className="size-3" strokeWidth={3} aria-hidden />
          ) : (
            <Check className="size-3" strokeWidth={3} aria-hidden />
          )}
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      {label !== undefined && (
        <label htmlFor={id} className="cursor-pointer text-md">
          {label}
        </label>
      )}
    </span>
  );
}
