"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { formatBytes, formatCount } from "@/lib/format";
import type { S3MigrationSnapshot } from "../contract";
import { s3OrphansQuery } from "../queries";

const SHOWN = 50;

/** Keys that only the destination has; nothing where nobody looked for them. */
export function OrphansCard({ id, snapshot: { orphans } }: { id: string; snapshot: S3MigrationSnapshot }) {
  const [isOpen, setOpen] = useState(false);
  if (orphans === null) return null;
  const { objects, bytes } = orphans;
  return (
    <Card aria-labelledby="orphans">
      <CardHeader
        id="orphans"
        title={objects === 0 ? "Nothing is only at the destination" : `${formatCount(objects)} only at the destination`}
        meta={objects === 0 ? undefined : `${formatBytes(bytes)}, without a source`}
      />
      {objects > 0 && (
        <div className="border-t border-line px-4 py-2.5">
          <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide keys" : "Show keys"}
          </Button>
          {isOpen && <OrphanKeys id={id} objects={objects} />}
        </div>
      )}
    </Card>
  );
}

function OrphanKeys({ id, objects }: { id: string; objects: number }) {
  const { data, error } = useQuery(s3OrphansQuery(id, { limit: SHOWN }));
  if (error !== null && data === undefined) return <ErrorState problem={error} />;
  if (data === undefined) return <LoadingRows rows={3} />;
  return (
    <ul className="mt-2 border-t border-line text-sm">
      {data.orphans.map(({ key, sizeBytes }) => (
        <li key={key} className="flex gap-x-3 border-b border-line py-1.5 last:border-0">
          <span className="mono min-w-0 grow break-all">{key}</span>
          <span className="text-ink-3">{formatBytes(sizeBytes)}</span>
        </li>
      ))}
      {objects > data.orphans.length && (
        <li className="py-1.5 text-ink-3">and {formatCount(objects - data.orphans.length)} more</li>
      )}
    </ul>
  );
}
