import { classNames } from "./class-names";

/** A grey block where something will be; give it the size of that thing. Still, so that nothing flickers. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={classNames("block h-3 rounded-sm bg-sunken", className)} />;
}
