"use client";

import { useMemo, useState } from "react";
import type { TraceSummary } from "../../contract";

const NONE: ReadonlySet<string> = new Set();

/** The traces that came since the reader turned live on; none while it is off, and after every new search. */
export function useNewRows(rows: readonly TraceSummary[], isLive: boolean, searchKey: string): ReadonlySet<string> {
  const [known, setKnown] = useState<{ key: string; ids: ReadonlySet<string> } | undefined>(undefined);
  const key = isLive ? searchKey : undefined;
  if (key === undefined && known !== undefined) setKnown(undefined);
  if (key !== undefined && rows.length > 0 && known?.key !== key) {
    setKnown({ key, ids: new Set(rows.map(({ traceId }) => traceId)) });
  }
  return useMemo(() => {
    if (known === undefined || known.key !== key) return NONE;
    return new Set(rows.map(({ traceId }) => traceId).filter((id) => !known.ids.has(id)));
  }, [rows, known, key]);
}
