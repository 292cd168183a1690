import { Fragment } from "react";
import type { FindingsReply } from "../../domain/diagnosis/finding";
import { joinerOf, spellSum } from "../../domain/diagnosis/spell-sum";
import type { TraceSkeleton } from "../../domain/trace-skeleton";
import { markOperation, type Phrase } from "../../domain/verdict/finding-words";
import { clauseLook } from "./clause-colour";
import { isGapClause } from "./gap-clause";
import type { VerdictState } from "./use-verdict";

type VerdictSentenceProps = Pick<VerdictState, "pressables" | "pressed" | "press"> & {
  reply: FindingsReply;
  trace: TraceSkeleton;
};

/** "2.31 s = 1.62 s in … + 0.38 s …": a sum, each part a button that shows its spans. */
export function VerdictSentence({ reply, trace, pressables, pressed, press }: VerdictSentenceProps) {
  const { verdict, findings } = reply;
  const { total, parts } = spellSum(
    verdict.durationUs,
    verdict.clauses.map(({ timeUs }) => timeUs),
  );
  return (
    <p className="vd-say px-4 pt-2.5 pb-2 text-ink-2 tabular-nums max-phone:px-3">
      <b className="font-[650] text-ink">{total}</b> ={" "}
      {verdict.clauses.map((clause, index) => {
        const pressable = pressables.find(({ clauseIndex }) => clauseIndex === index);
        const look = clauseLook(trace, clause, isGapClause(reply, clause));
        const operation = clause.findingIndex === null ? "" : (findings[clause.findingIndex]?.operation ?? "");
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a clause is its place in the sum
          <Fragment key={index}>
            {index > 0 && <span className="text-ink-3 max-phone:sr-only"> + </span>}
            <button
              aria-pressed={pressable !== undefined && pressable === pressed}
              className="vd-clause -mx-px inline cursor-pointer rounded-sm border-0 bg-transparent px-[3px] py-px text-left hover:bg-sunken disabled:cursor-default disabled:bg-transparent max-phone:relative max-phone:my-0.5 max-phone:block max-phone:w-full max-phone:py-2.5 max-phone:pr-2 max-phone:pl-6 max-phone:enabled:min-h-11 max-phone:enabled:bg-sunken"
              disabled={pressable === undefined}
              onClick={() => pressable !== undefined && press(pressable)}
              type="button"
            >
              <span
                aria-hidden
                className={`${look.className} mr-1.5 inline-block size-[11px] rounded-[2px] max-phone:absolute max-phone:top-[17px] max-phone:left-1.5`}
                style={look.style}
              />
              <b className="font-[650] text-ink">{parts[index]}</b> {joinerOf(clause)}
              <Phrases phrases={markOperation(clause.text, operation)} />
            </button>
          </Fragment>
        );
      })}
    </p>
  );
}

/** Words with names of operations in the other face. */
export function Phrases({ phrases }: { phrases: readonly Phrase[] }) {
  return phrases.map(({ text, isCode }) =>
    isCode ? (
      <code className="[overflow-wrap:anywhere] text-ink" key={text}>
        {text}
      </code>
    ) : (
      <bdi className="[overflow-wrap:anywhere]" key={text}>
        {text}
      </bdi>
    ),
  );
}
