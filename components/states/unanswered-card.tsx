import type { ReactNode } from "react";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { StateGlyph } from "@/components/ui/state-glyph";

/** A card whose figures were asked for long enough ago that a skeleton would promise too much. */
export function UnansweredCard({
  title,
  className,
  children,
}: {
  title: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Card aria-busy className={className ?? ""}>
      <CardHeader title={title} />
      <CardBody>
        <p className="flex items-center gap-2 py-4 text-stale" role="status">
          <StateGlyph tone="stale" />
          <span>{children}</span>
        </p>
      </CardBody>
    </Card>
  );
}
