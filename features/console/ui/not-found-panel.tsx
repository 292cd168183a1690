import { FileQuestion } from "lucide-react";
import Link from "next/link";
import { PageHeader } from "@/components/shell/page-header";
import { EmptyState } from "@/components/states/empty-state";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { type Route, routes } from "@/lib/routes";

type NotFoundPanelProps = {
  /** What the address would name: "S3 migration". */
  what?: string;
  /** Where all of its kind are listed. */
  list?: { label: string; href: Route };
};

/** An address that leads nowhere keeps the rail and the palette, so that it is no dead end. */
export function NotFoundPanel({ what = "page", list }: NotFoundPanelProps) {
  return (
    <>
      <PageHeader
        title={`There is no such ${what}`}
        breadcrumb={[...(list === undefined ? [] : [list]), { label: "Not found" }]}
      />
      <Card>
        <EmptyState
          icon={<FileQuestion />}
          title="Nothing stands at this address"
          action={
            <>
              {list !== undefined && (
                <Button asChild variant="primary">
                  <Link href={list.href}>{list.label}</Link>
                </Button>
              )}
              <Button asChild variant={list === undefined ? "primary" : "secondary"}>
                <Link href={routes.overview()}>Go to the overview</Link>
              </Button>
            </>
          }
        >
          The link may be old, or what it showed was removed. The rail, or Go to or do in the top bar, finds the rest.
        </EmptyState>
      </Card>
    </>
  );
}
