import { Button } from "@/components/ui/button";
import { formatCount } from "@/lib/format";
import type { SearchAddress, SearchResult } from "./trace-search-state";

type OwnTracesButtonProps = { address: SearchAddress; result: SearchResult };

/** Takes the console's own traces in or out, and says how many are out. Nothing where a service is chosen. */
export function OwnTracesButton({ address, result: { ownLeftOut } }: OwnTracesButtonProps) {
  if (address.form.service !== "") return null;
  return (
    <Button
      aria-pressed={address.hasOwn}
      className={address.hasOwn ? "border-accent text-accent" : ""}
      onClick={() => address.setOwn(!address.hasOwn)}
      size="sm"
      title={address.hasOwn ? "Leave out the console's own traces" : "The console's own traces are left out"}
    >
      Own traces{ownLeftOut === undefined ? "" : `: ${formatCount(ownLeftOut)} left out`}
    </Button>
  );
}
