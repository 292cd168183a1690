import Link from "next/link";
import { ConsoleShell } from "@/components/shell/console-shell";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";
import { routes } from "@/lib/routes";

export default function NotFound() {
  return (
    <ConsoleShell>
      <EmptyState
        title="There is no such page"
        action={
          <Button asChild>
            <Link href={routes.overview()}>Go to the overview</Link>
          </Button>
        }
      >
        The link may be old, or what it showed was removed.
      </EmptyState>
    </ConsoleShell>
  );
}
