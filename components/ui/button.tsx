import { Slot } from "radix-ui";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";

const VARIANTS = {
  primary: "border-accent bg-accent text-accent-ink hover:border-accent-strong hover:bg-accent-strong",
  secondary: "border-line-strong bg-raised text-ink hover:bg-sunken",
  ghost: "border-transparent bg-transparent text-ink-2 hover:bg-sunken hover:text-ink",
  danger: "border-line-strong bg-raised text-bad hover:border-bad hover:bg-bad-soft",
};
const SIZES = {
  sm: "h-7 gap-1.5 px-2.5 text-sm touch:h-11 touch:px-3.5 touch:text-md",
  md: "h-8 gap-2 px-3 text-md touch:h-11",
};

type ButtonProps = ComponentProps<"button"> & {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  /** A lucide icon element; drawn at 14 or 16 px before the text. */
  icon?: ReactNode;
  /** Give the looks to the one child instead (a link). */
  asChild?: boolean;
};

/** One primary per screen. With `asChild` the child must be one element; the icon goes inside it. */
export function Button({
  variant = "secondary",
  size = "md",
  icon,
  asChild = false,
  className,
  children,
  ...props
}: ButtonProps) {
  const classes = classNames(
    "inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap no-underline select-none",
    "disabled:pointer-events-none disabled:opacity-50 aria-disabled:pointer-events-none aria-disabled:opacity-50",
    size === "sm" ? "[&_svg]:size-3.5" : "[&_svg]:size-4",
    "[&_svg]:shrink-0",
    VARIANTS[variant],
    SIZES[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={classes} {...props}>
        {icon}
        <Slot.Slottable>{children}</Slot.Slottable>
      </Slot.Root>
    );
  }
  return (
    <button type="button" className={classes} {...props}>
      {icon}
      {children}
    </button>
  );
}
