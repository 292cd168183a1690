import type { ReactNode } from "react";
import { classNames } from "@/components/ui/class-names";

type EmptyStateProps = {
  icon?: ReactNode;
  /** What is not here: "No runs yet". */
  title: string;
  /** What this place is for. */
  children?: ReactNode;
  /** The next thing to do. */
  action?: ReactNode;
  className?: string;
};

/** Nothing here: what it is for and the next action. */
export function EmptyState({ icon, title, children, action, className }: EmptyStateProps) {
  return (
    <div className={classNames("mx-auto flex max-w-[62ch] flex-col items-center px-5 py-10 text-center", className)}>
      {icon !== undefined && (
        <span aria-hidden className="mb-3 text-ink-3 [&_svg]:size-6">
          {icon}
        </span>
      )}
      <p className="text-lg font-semibold">{title}</p>
      {children !== undefined && <div className="mt-1 max-w-full min-w-0 text-md text-ink-2">{children}</div>}
      {action !== undefined && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
