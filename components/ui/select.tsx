import { ChevronDown } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";
import { CONTROL } from "./input";

/** The browser's own select, in our looks: works with every keyboard, reader and phone. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={classNames("relative inline-flex min-w-0", className)}>
      <select
        className={classNames(CONTROL, "h-8 cursor-pointer appearance-none truncate pr-7 pl-2.5 text-md touch:h-11")}
        {...props}
      >
        {children}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-1/2 right-2 size-3.5 -translate-y-1/2 text-ink-3"
        aria-hidden
      />
    </span>
  );
}
