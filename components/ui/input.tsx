import type { ComponentProps } from "react";
import { classNames } from "./class-names";

/** The looks shared by every text field. 16 px text under a finger, or iOS zooms the page. */
export const CONTROL =
  "w-full min-w-0 rounded-md border border-line-strong bg-surface text-ink placeholder:text-ink-3 disabled:bg-sunken disabled:text-ink-3 aria-invalid:border-bad touch:text-[16px]";

/** A one-line text field. Inside a `Field` it gets id, description and invalid state by spreading. */
export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={classNames(CONTROL, "h-8 px-2.5 text-md touch:h-11", className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={classNames(CONTROL, "min-h-20 px-2.5 py-1.5 text-md", className)} {...props} />;
}
