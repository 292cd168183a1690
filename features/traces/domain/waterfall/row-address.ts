import type { FoldContext } from "./fold-context";
import { foldOfSpan } from "./locate-row";
import type { UsualOfTrace } from "./usual-rows";
import type { RowKind } from "./waterfall-layout";

/** A row that is no span of its own, beside the span that stands for it. */
export type AddressedRow = { kind: RowKind; ref: number; span: number };

const GAP = /^gap-(\d{1,6})$/;
const MISSING = "missing-";
const MAX_NAME_LENGTH = 200;

/**
 * What a row is, for an address that already names its span: `group`, `short`, `gap-2` (the second of that span), or
 * `missing-NAME`; undefined for the span itself.
 */
export function toRowText(
  { plan }: Pick<FoldContext, "plan">,
  usual: Pick<UsualOfTrace, "missing" | "paths"> | undefined,
  { kind, ref, span }: AddressedRow,
): string | undefined {
  if (kind === "group" || kind === "short") return kind;
  if (kind === "gap") return `gap-${gapsOf(plan, span).indexOf(ref) + 1}`;
  if (kind !== "missing") return undefined;
  const name = usual?.paths[usual.missing[ref]?.path ?? -1]?.name;
  return name === undefined ? undefined : (MISSING + name).slice(0, MAX_NAME_LENGTH);
}

/**
 * The row that {@link toRowText} named; undefined where the trace has no such row. A step that is missing is known only
 * with what is usual, which comes later: see {@link isMissingText}.
 */
export function findRow(
  context: FoldContext,
  usual: Pick<UsualOfTrace, "missing" | "paths"> | undefined,
  { span, text }: { span: number; text: string },
): AddressedRow | undefined {
  const found = (kind: RowKind, ref: number | undefined) =>
    ref === undefined || ref < 0 ? undefined : { kind, ref, span };
  if (text === "group" || text === "short") return found(text, foldOfSpan(context, span, text));
  const gap = GAP.exec(text);
  if (gap !== null) return found("gap", gapsOf(context.plan, span)[Number(gap[1]) - 1]);
  if (!isMissingText(text) || usual === undefined) return undefined;
  const isMeant = ({ parent, path }: UsualOfTrace["missing"][number]) =>
    parent === span && (MISSING + (usual.paths[path]?.name ?? "")).slice(0, MAX_NAME_LENGTH) === text;
  return found("missing", usual.missing.findIndex(isMeant));
}

/** Whether a text names a missing step. */
export function isMissingText(text: string | undefined): boolean {
  return text?.startsWith(MISSING) === true;
}

function gapsOf({ gaps }: FoldContext["plan"], span: number): number[] {
  return Array.from(gaps.parent.keys()).filter((gap) => gaps.parent[gap] === span);
}
