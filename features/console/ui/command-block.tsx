import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";

/** Lines to copy: what they are for, a copy button, and the exact text. `text` is what is copied. */
export function CommandBlock({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <div className="min-w-0 overflow-hidden rounded-md border border-line bg-bg">
      <div className="flex min-h-[26px] items-center pr-0.5 pl-2.5 text-sm text-ink-2">
        <span className="min-w-0">{title}</span>
        <CopyButton text={text} label={title} className="ml-auto" />
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, also by keyboard
        tabIndex={0}
        className="overflow-x-auto px-2.5 pt-px pb-[7px] font-mono text-[12.5px]/[18px] max-phone:text-sm max-phone:whitespace-pre-wrap max-phone:[overflow-wrap:anywhere]"
      >
        <code>{children ?? text}</code>
      </pre>
    </div>
  );
}

/** The part of a command that is the reader's own. */
export function Yours({ children }: { children: ReactNode }) {
  return <span className="text-accent">{children}</span>;
}
