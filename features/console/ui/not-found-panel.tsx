import { FileQuestion } from "lucide-react";
import Link from "next/link";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { routes } from "@/lib/routes";

/** An address that leads nowhere keeps the rail and the palette, so that it is no dead end. */
export function NotFoundPanel() {
  return (
    <>
      <PageHeader title="There is no such page" breadcrumb={[{ label: "Not found" }]} />
      <Card>
        <EmptyState
          icon={<FileQuestion />}
          title="Nothing stands at this address"
          action={
            <Button asChild variant="primary">
              <Link href={routes.overview()}>Go to the overview</Link>
            </Button>
          }
        >
          The link may be old, or what it showed was removed. The rail, or Go to or do in the top bar, finds the rest.
        </EmptyState>
      </Card>
    </>
  );
}
