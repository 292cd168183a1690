import { Kbd } from "@/components/ui/kbd";
import { formatCount } from "@/lib/format";
import type { Completion } from "./use-completions";

type CompletionListProps = {
  id: string;
  options: readonly Completion[];
  active: number | undefined;
  /** What is typed; the part of an option that matches it is bold. */
  prefix: string;
  /** The first so many tell slow traces from fast ones. */
  splitterCount: number;
  isOpen: boolean;
  onAccept: (item: Completion) => void;
};

/** Completions over what is below the line, so that nothing moves. */
export function CompletionList({ id, options, active, prefix, splitterCount, isOpen, onAccept }: CompletionListProps) {
  const isShown = isOpen && options.length > 0;
  return (
    <div
      aria-label="Completions"
      className={
        isShown
          ? "absolute inset-x-0 top-full z-20 mt-1 flex flex-wrap gap-1.5 rounded-lg border border-line bg-raised p-2 shadow-raised max-phone:max-h-[40vh] max-phone:overflow-y-auto"
          : "hidden"
      }
      id={id}
      role="listbox"
    >
      {isShown &&
        options.map((option, at) => (
          <Option
            id={`${id}-${at}`}
            isActive={at === active}
            isFirst={at === 0 && prefix !== ""}
            isSplitter={at < splitterCount}
            key={option.insert}
            onAccept={() => onAccept(option)}
            option={option}
            prefix={prefix}
          />
        ))}
    </div>
  );
}

type OptionProps = {
  id: string;
  option: Completion;
  isActive: boolean;
  isFirst: boolean;
  isSplitter: boolean;
  prefix: string;
  onAccept: () => void;
};

function Option({ id, option, isActive, isFirst, isSplitter, prefix, onAccept }: OptionProps) {
  const { insert, hint, traceCount, sampledOf } = option;
  const at = prefix === "" ? -1 : insert.toLowerCase().lastIndexOf(prefix.toLowerCase());
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field keeps the focus and handles the keys
    <div
      aria-selected={isActive}
      className={`inline-flex h-[22px] shrink-0 cursor-pointer items-center gap-1.5 rounded-full border px-2 text-xs whitespace-nowrap max-phone:h-9 max-phone:px-3 ${isActive || isFirst ? "border-accent bg-accent-soft" : "border-line bg-surface hover:border-line-strong"}`}
      id={id}
      onClick={onAccept}
      onPointerDown={(event) => event.preventDefault()}
      role="option"
      tabIndex={-1}
      title={hint ?? (isSplitter ? "Splits the slow traces from the fast ones" : undefined)}
    >
      {isSplitter && <span className="text-ink-3">splits</span>}
      <span className="mono">
        {at < 0 ? (
          insert
        ) : (
          <>
            {insert.slice(0, at)}
            <b>{insert.slice(at, at + prefix.length)}</b>
            {insert.slice(at + prefix.length)}
          </>
        )}
      </span>
      {traceCount !== null && (
        <span
          className="text-ink-3"
          title={sampledOf === null ? undefined : "Of the traces that were read whole, not of all"}
        >
          {formatCount(traceCount)}
          {sampledOf !== null && ` of ${formatCount(sampledOf)} read`}
        </span>
      )}
      {isFirst && !isActive && <Kbd>Tab</Kbd>}
    </div>
  );
}
