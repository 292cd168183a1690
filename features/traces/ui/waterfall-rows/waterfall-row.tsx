import type { RowKind } from "../../domain/waterfall/waterfall-layout";
import { GapRow, MissingRow } from "./gap-row";
import { GroupRow } from "./group-row";
import type { RowProps } from "./row-shell";
import { ShortRow } from "./short-row";
import { SpanRow } from "./span-row";

/** A row of the waterfall, whatever it is. */
export function WaterfallRow({ kind, ...props }: RowProps & { kind: RowKind }) {
  switch (kind) {
    case "span":
      return <SpanRow {...props} />;
    case "group":
      return <GroupRow {...props} />;
    case "short":
      return <ShortRow {...props} />;
    case "gap":
      return <GapRow {...props} />;
    default:
      return <MissingRow {...props} />;
  }
}
