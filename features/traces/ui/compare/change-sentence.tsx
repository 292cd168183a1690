import { Fragment } from "react";
import { serviceStyle } from "@/components/ui/service-style";
import type { CompareReply } from "../../contract";
import { markOfStep } from "../../domain/compare-view/step-mark";
import { perRequestWords, restWords, toShownNumbers } from "../../domain/paths/compare-verdict";

type ChangeSentenceProps = { reply: CompareReply; selected: number | undefined; onSelect: (step: number) => void };

/** The change in one sentence that adds up. A clause that names a step is a button that leads to it. */
export function ChangeSentence({ reply, selected, onSelect }: ChangeSentenceProps) {
  const { verdict } = reply;
  const isSum = verdict.clauses.length > 1 || verdict.clauses[0]?.kind !== "rest";
  if (!isSum || verdict.changeUs === 0) {
    return <p className="px-4 py-3 text-lg text-pretty text-ink max-phone:px-3.5">{verdict.sentence}</p>;
  }
  const shown = toShownNumbers(verdict);
  return (
    <p className="px-4 py-2.5 text-[18px] leading-[29px] text-pretty text-ink-2 max-phone:px-3.5 max-phone:text-[16px] max-phone:leading-[24px]">
      <b className="font-[650] text-ink">
        {shown.whole.sign}
        {shown.whole.text}
      </b>
      {perRequestWords(reply.before, reply.after)} ={" "}
      {verdict.clauses.map((clause, at) => {
        const part = shown.parts[at];
        const sign = at === 0 ? (part?.sign === "−" ? "−" : "") : part?.sign;
        return (
          <Fragment key={`${clause.kind} ${clause.step ?? clause.text}`}>
            {at > 0 && <span className="max-phone:hidden"> {sign} </span>}
            <Clause
              colour={clauseColour(reply, clause.step)}
              isPressed={clause.step !== null && clause.step === selected}
              onPress={clause.step === null ? undefined : () => onSelect(clause.step ?? 0)}
            >
              <b className="font-[650] text-ink">
                {at === 0 ? sign : <span className="hidden max-phone:inline">{sign}</span>}
                {part?.text}
              </b>{" "}
              {clause.text}
            </Clause>
          </Fragment>
        );
      })}
      {restWords(verdict)}
    </p>
  );
}

/** The colour of the step a clause is about, as a token; grey for the rest. */
export function clauseColour({ steps, before, after }: CompareReply, index: number | null): string {
  const step = index === null ? undefined : steps[index];
  if (step === undefined) return "var(--line-strong)";
  const systems = [...after.systems, ...before.systems].map(({ name }) => name);
  return `var(--${serviceStyle(markOfStep(step, systems)).colour})`;
}

type ClauseProps = {
  colour: string;
  isPressed: boolean;
  onPress: (() => void) | undefined;
  children: React.ReactNode;
};

function Clause({ colour, isPressed, onPress, children }: ClauseProps) {
  const swatch = (
    <i
      aria-hidden
      className={`mr-1.5 inline-block size-[11px] rounded-[2px] max-phone:absolute max-phone:left-2 ${onPress === undefined ? "max-phone:top-[7px]" : "max-phone:top-3.5"}`}
      style={{ background: colour }}
    />
  );
  const classes =
    "rounded-sm px-1 [overflow-wrap:anywhere] max-phone:relative max-phone:my-0.5 max-phone:block max-phone:w-full max-phone:pl-7 max-phone:text-left";
  if (onPress === undefined)
    return (
      <span className={classes}>
        {swatch}
        {children}
      </span>
    );
  return (
    <button
      aria-pressed={isPressed}
      className={`${classes} inline border-0 max-phone:min-h-11 max-phone:bg-sunken max-phone:py-2 bg-transparent text-left hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:shadow-[inset_0_-2px_0_var(--accent)]`}
      onClick={onPress}
      type="button"
    >
      {swatch}
      {children}
    </button>
  );
}
