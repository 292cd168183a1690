import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names";

/** A surface with a hairline. Give it `aria-labelledby` with the id passed to its header when it is a section. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return (
    <section
      className={classNames(
        "min-w-0 rounded-lg border border-line bg-surface shadow-card max-phone:rounded-xl",
        className,
      )}
      {...props}
    />
  );
}

type CardHeaderProps = {
  title: ReactNode;
  /** Id of the heading, for the card's `aria-labelledby`. */
  id?: string;
  /** Quiet text beside the title; below it on a phone. */
  meta?: ReactNode;
  actions?: ReactNode;
  className?: string;
};

/** 40 px: title, quiet meta, actions at the end. */
export function CardHeader({ title, id, meta, actions, className }: CardHeaderProps) {
  return (
    <header
      className={classNames(
        "flex min-h-10 items-center gap-x-2.5 px-4 max-phone:flex-wrap max-phone:px-3.5 max-phone:pt-2.5 max-phone:pb-1.5",
        className,
      )}
    >
      <h2 id={id} className="text-md whitespace-nowrap">
        {title}
      </h2>
      {meta !== undefined && (
        <div className="min-w-0 text-sm text-ink-3 max-phone:order-last max-phone:basis-full">{meta}</div>
      )}
      {actions !== undefined && <div className="ml-auto flex items-center gap-1">{actions}</div>}
    </header>
  );
}

/** 16 px inside; `flush` for tables and lists that reach the edges. */
export function CardBody({ flush = false, className, ...props }: ComponentProps<"div"> & { flush?: boolean }) {
  return (
    <div className={classNames(!flush && "px-4 pt-1 pb-4 max-phone:px-3.5 max-phone:pb-3.5", className)} {...props} />
  );
}

/** Quiet last line of a card. */
export function CardFooter({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={classNames("border-t border-line px-4 pt-2 pb-2.5 text-sm text-ink-3 max-phone:px-3.5", className)}
      {...props}
    />
  );
}
