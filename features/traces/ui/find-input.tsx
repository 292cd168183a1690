import type { LucideIcon } from "lucide-react";
import type { ComponentProps, KeyboardEvent, ReactNode, RefObject } from "react";
import { classNames } from "@/components/ui/class-names";

type FindInputProps = Omit<ComponentProps<"input">, "onChange" | "ref"> & {
  Icon: LucideIcon;
  /** Of the box around it. */
  boxClassName: string;
  inputRef: RefObject<HTMLInputElement | null>;
  onText: (text: string) => void;
  /** Enter leads to the next place, with Shift to the one before. */
  onStep: (step: 1 | -1) => void;
  /** How much was found. */
  found: string;
  /** What stands at its end: a hint, or buttons. */
  children: ReactNode;
};

/** A box to find something in what is shown: as it is typed, with a count, steps by Enter, left with Escape. */
export function FindInput({ Icon, boxClassName, inputRef, onText, onStep, found, children, ...input }: FindInputProps) {
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") inputRef.current?.blur();
    else return;
    event.preventDefault();
  };
  return (
    <label
      className={classNames(
        "flex items-center gap-1.5 rounded-md border border-line-strong bg-surface pr-1 pl-2 text-ink-3 focus-within:outline-2 focus-within:outline-accent has-aria-invalid:border-warn touch:h-11",
        boxClassName,
      )}
    >
      <Icon aria-hidden className="size-3.5 shrink-0" />
      <input
        autoCapitalize="off"
        autoComplete="off"
        className="mono min-w-0 flex-1 border-0 bg-transparent text-ink outline-none touch:text-[16px]"
        onChange={(event) => onText(event.target.value)}
        onKeyDown={handleKeyDown}
        ref={inputRef}
        spellCheck={false}
        {...input}
      />
      <span aria-live="polite" className="text-xs whitespace-nowrap">
        {found}
      </span>
      {children}
    </label>
  );
}
