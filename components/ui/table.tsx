import { ArrowDown, ArrowUp } from "lucide-react";
import type { ComponentProps } from "react";
import { classNames } from "./class-names";

export type SortDirection = "ascending" | "descending";

/** Scrolls sideways inside itself, never the page. Rows: plain `<tr>` in `<thead>` and `<tbody>`. */
export function Table({ className, children, label, ...props }: ComponentProps<"table"> & { label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="relative min-w-0 overflow-x-auto">
      <table className={classNames("w-full border-collapse text-md", className)} {...props}>
        {children}
      </table>
    </section>
  );
}

type ThProps = ComponentProps<"th"> & {
  /** Present on a sortable column: how it is sorted now, `null` when it is not. */
  sort?: SortDirection | null;
  onSort?: () => void;
  align?: "left" | "right";
};

/** A column head; with `onSort` a button that says how the column is sorted. */
export function Th({ sort, onSort, align = "left", className, children, ...props }: ThProps) {
  const classes = classNames(
    "h-7 border-b border-line px-2 text-xs font-medium whitespace-nowrap text-ink-3 first:pl-4 last:pr-4",
    align === "right" && "text-right",
    className,
  );
  if (onSort === undefined) {
    return (
      <th scope="col" className={classes} {...props}>
        {children}
      </th>
    );
  }
  return (
    <th scope="col" aria-sort={sort ?? "none"} className={classes} {...props}>
      <button
        type="button"
        onClick={onSort}
        className={classNames(
          "group inline-flex items-center gap-1 rounded-sm hover:text-ink touch:min-h-11",
          align === "right" && "flex-row-reverse",
          sort != null && "font-semibold text-ink",
        )}
      >
        {children}
        {sort === "ascending" ? (
          <ArrowUp className="size-3" aria-hidden />
        ) : (
          <ArrowDown className={classNames("size-3", sort == null && "opacity-0 group-hover:opacity-60")} aria-hidden />
        )}
      </button>
    </th>
  );
}

/** A cell; numbers go right. */
export function Td({
  align = "left",
  className,
  ...props
}: Omit<ComponentProps<"td">, "align"> & { align?: "left" | "right" }) {
  return (
    <td
      className={classNames(
        "h-[34px] border-b border-line px-2 first:pl-4 last:pr-4 touch:h-11",
        align === "right" && "text-right tabular-nums",
        className,
      )}
      {...props}
    />
  );
}
