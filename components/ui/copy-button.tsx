"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { classNames } from "./class-names";

const SAID_FOR_MS = 1600;

type CopyButtonProps = {
  text: string;
  /** What is copied, for the accessible name: "the command". */
  label?: string;
  /** Only the icon is shown. */
  iconOnly?: boolean;
  className?: string;
};

/** Copies `text` and says so for a moment, in place, without a jump. */
export function CopyButton({ text, label, iconOnly = false, className }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  // Outside system: the clock that takes "Copied" back.
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SAID_FOR_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const handleClick = () => {
    navigator.clipboard.writeText(text).then(
      () => setState("copied"),
      () => setState("failed"),
    );
  };
  const said = state === "copied" ? "Copied" : state === "failed" ? "Not allowed" : "Copy";
  // Begins with the word that is shown: who speaks to the page says what they read.
  const name = label === undefined ? said : `${said} ${label}`;
  return (
    <>
      <button
        type="button"
        onClick={handleClick}
        aria-label={name}
        title={label === undefined ? "Copy" : `Copy ${label}`}
        className={classNames(
          "inline-flex h-6 shrink-0 items-center justify-center gap-1.5 rounded-sm border-0 bg-transparent text-sm hover:bg-sunken touch:h-11",
          iconOnly ? "w-6 touch:w-11" : "min-w-[74px] px-2 touch:px-3",
          state === "copied" ? "text-ok" : "text-ink-2 hover:text-ink",
          className,
        )}
      >
        {state === "copied" ? <Check className="size-3.5" aria-hidden /> : <Copy className="size-3.5" aria-hidden />}
        {!iconOnly && <span aria-hidden>{said}</span>}
      </button>
      {/* Beside the button: inside, it would be text that the button's name does not have. */}
      <span className="sr-only" aria-live="polite">
        {state === "idle" ? "" : said}
      </span>
    </>
  );
}
