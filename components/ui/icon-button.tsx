import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";

type IconButtonProps = ComponentProps<"button"> & {
  /** What it does, for those who do not see the icon; also the native tooltip. */
  label: string;
  size?: "sm" | "md";
  asChild?: boolean;
};

/** A button that is only an icon: 28 px (24 when `sm`), 44 px under a finger. */
export function IconButton({ label, size = "md", asChild = false, className, ...props }: IconButtonProps) {
  const classes = classNames(
    "inline-grid shrink-0 place-items-center rounded-md border-0 bg-transparent text-ink-3 hover:bg-sunken hover:text-ink",
    "disabled:pointer-events-none disabled:opacity-50 touch:size-11 [&_svg]:size-4",
    size === "sm" ? "size-6" : "size-7",
    className,
  );
  if (asChild) return <Slot.Root aria-label={label} title={label} className={classes} {...props} />;
  return <button type="button" aria-label={label} title={label} className={classes} {...props} />;
}
