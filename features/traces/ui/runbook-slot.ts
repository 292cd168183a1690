import type { ComponentType } from "react";
import type { FindingKind } from "../domain/diagnosis/finding";

/** What shows the procedures that fit a service or a trace; the page that knows of runbooks gives it. */
export type RunbookSlot = ComponentType<{
  service: string;
  operation?: string | undefined;
  traceId?: string | undefined;
  finding?: FindingKind | undefined;
  label?: string | undefined;
  /** Stands between cards: a card of its own where something fits, one quiet line where nothing does. */
  isAlone?: boolean;
}>;
