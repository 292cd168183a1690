import { useNow } from "@/components/hooks/use-now";
import { Chip } from "@/components/ui/chip";
import { formatDuration } from "@/lib/format";
import { toShownName } from "@/lib/viewer-name";
import { ClockTime } from "./clock-time";
import type { ShownStep } from "./shown-steps";

/** What a step asks for, and how long it may still take; only while it is open. */
export function StepChips({ step }: { step: ShownStep }) {
  const { rules, state, isSettled } = step;
  const nowMs = useNow();
  if (isSettled) return null;
  const beganMs = state.beganAt === undefined ? undefined : Date.parse(state.beganAt);
  const dueMs = rules.withinMs === undefined || beganMs === undefined ? undefined : beganMs + rules.withinMs;
  const isOverdue = dueMs !== undefined && nowMs !== undefined && nowMs > dueMs;
  const words = wordsOf(step);
  const isTimed = dueMs !== undefined || state.until !== undefined;
  if (words.length === 0 && !rules.isPointOfNoReturn && !isTimed) return null;
  return (
    <p className="mt-1 ml-6 flex flex-wrap items-center gap-1.5 text-sm text-ink-3 max-phone:ml-0">
      {rules.isPointOfNoReturn && <Chip tone="warn">Point of no return</Chip>}
      {state.until !== undefined && (
        <Chip tone="running">
          not before <ClockTime at={state.until} />
        </Chip>
      )}
      {dueMs !== undefined && (
        <span className={isOverdue ? "font-semibold text-bad" : undefined}>
          {isOverdue ? "overdue since " : "due "}
          <ClockTime at={new Date(dueMs).toISOString()} />
          {words.length > 0 && " ·"}
        </span>
      )}
      {words.join(" · ")}
    </p>
  );
}

function wordsOf({ rules, state }: ShownStep): string[] {
  const isBegun = state.beganAt !== undefined;
  const words: (string | false | undefined)[] = [
    rules.role !== undefined && `for the ${rules.role}`,
    state.assignee && `for ${toShownName(state.assignee)}`,
    rules.approve !== undefined && `needs the ${rules.approve}`,
    rules.evidence !== undefined && `evidence: ${rules.evidence}`,
    rules.choose !== undefined && (rules.choose === "one" ? "choose one" : "choose any"),
    rules.isOptional && "optional",
    rules.skip === "never" && "cannot be skipped",
    rules.waitMs !== undefined && !isBegun && `takes ${formatDuration(rules.waitMs * 1000)}`,
    rules.withinMs !== undefined && !isBegun && `within ${formatDuration(rules.withinMs * 1000)}`,
  ];
  return words.filter((word): word is string => typeof word === "string" && word !== "");
}
