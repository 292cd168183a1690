import Link from "next/link";
import { BrandMark } from "@/components/shell/brand-mark";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";
import { routes } from "@/lib/routes";

/** Stands alone: Next loads this page's code with every other page, so it brings none of the frame. */
export default function NotFound() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <EmptyState
        icon={<BrandMark />}
        title="There is no such page"
        action={
          <Button asChild variant="primary">
            <Link href={routes.overview()}>Go to the overview</Link>
          </Button>
        }
      >
        The link may be old, or what it showed was removed.
      </EmptyState>
    </main>
  );
}
