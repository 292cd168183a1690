"use client";

import { ClipboardCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { classNames } from "@/components/ui/class-names";
import { Dialog } from "@/components/ui/dialog";
import { StateGlyph } from "@/components/ui/state-glyph";
import type { Doubt } from "../../domain/commands/fill-command";
import { visibleText } from "../../domain/commands/visible-text";

type CheckedCopyButtonProps = { text: string; doubts: readonly Doubt[]; className?: string };

/** Shows a command with doubtful values before it reaches the clipboard: whoever sent the trace may have chosen them. */
export function CheckedCopyButton({ text, doubts, className }: CheckedCopyButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  const handleCopy = () => {
    navigator.clipboard.writeText(text).then(
      () => {
        setState("copied");
        setIsOpen(false);
      },
      () => setState("failed"),
    );
  };
  const handleOpen = (next: boolean) => {
    if (next) setState("idle");
    setIsOpen(next);
  };
  return (
    <Dialog
      open={isOpen}
      onOpenChange={handleOpen}
      title="Check the values of this command"
      description="They are part of what will run. Copy it only if each is what you expect."
      trigger={
        <button
          type="button"
          className={classNames(
            "inline-flex h-6 shrink-0 items-center justify-center gap-1.5 rounded-sm border-0 bg-transparent px-2 text-sm text-ink-2 hover:bg-sunken hover:text-ink touch:h-10 touch:px-3",
            className,
          )}
        >
          <ClipboardCheck className="size-3.5" aria-hidden />
          <span aria-live="polite">{state === "copied" ? "Copied" : "Check and copy"}</span>
        </button>
      }
      footer={
        <Button variant="primary" onClick={handleCopy}>
          {state === "failed" ? "Not allowed, try again" : "Copy this"}
        </Button>
      }
    >
      <div className="grid gap-3">
        <ul className="grid gap-2">
          {doubts.map(({ name, value, reason, isLeftOut }) => (
            <li key={name} className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2.5">
              <StateGlyph tone={isLeftOut ? "bad" : "warn"} className="mt-0.5 size-4" />
              <span className="min-w-0">
                <span className="mono block text-sm text-ink-2">{`<${name}>`}</span>
                <bdi className="mono break-all">{visibleText(value)}</bdi>
                <span className="block text-sm text-ink-2">
                  {isLeftOut ? `${reason}: fill it in by hand, or ask its author.` : `${reason}.`}
                </span>
              </span>
            </li>
          ))}
        </ul>
        <section
          aria-label="What will be copied"
          className="mono max-h-64 overflow-auto rounded-md border border-line bg-sunken px-2.5 py-2 text-sm break-all whitespace-pre-wrap"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
        >
          {text
            .split("\n")
            .map((line) => line.split("\t").map(visibleText).join("\t"))
            .join("\n")}
        </section>
      </div>
    </Dialog>
  );
}
