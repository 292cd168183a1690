import { ChevronDown, ChevronUp, TextSearch } from "lucide-react";
import type { KeyboardEvent, RefObject } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { formatBytes, formatCount } from "@/lib/format";
import { type RawDocument, textOfLines } from "../../domain/raw/raw-text";
import type { RawFound } from "./use-raw-find";

type RawBarProps = {
  document: RawDocument;
  text: string;
  onFind: (text: string) => void;
  found: RawFound;
  /** Which of the found lines is shown, -1 for none yet. */
  foundAt: number;
  onStep: (step: 1 | -1) => void;
  findRef: RefObject<HTMLInputElement | null>;
  /** The selected span of the document, -1 for none. */
  span: number;
};

/** Searches the text, says how much there is, and copies the selected span. Stays in sight. */
export function RawBar(props: RawBarProps) {
  const { document, text, onFind, onStep, findRef, span, found } = props;
  const { lines, bytes } = document;
  const handleKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") findRef.current?.blur();
    else return;
    event.preventDefault();
  };
  return (
    <div className="sticky top-12 z-10 flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-2.5 py-1 text-sm">
      <label className="flex h-7 min-w-[180px] flex-1 items-center gap-1.5 rounded-md border border-line-strong bg-surface pr-1 pl-2 text-ink-3 focus-within:outline-2 focus-within:outline-accent touch:h-11 max-phone:basis-full desk:max-w-[380px]">
        <TextSearch aria-hidden className="size-3.5 shrink-0" />
        <input
          aria-label="Search the text"
          autoCapitalize="off"
          autoComplete="off"
          className="mono min-w-0 flex-1 border-0 bg-transparent text-ink outline-none touch:text-[16px]"
          onChange={(event) => onFind(event.target.value)}
          onKeyDown={handleKeyDown}
          placeholder="any text of the file"
          ref={findRef}
          spellCheck={false}
          value={text}
        />
        <span aria-live="polite" className="text-xs whitespace-nowrap">
          {foundText(props)}
        </span>
        {text === "" ? (
          <span className="max-phone:hidden">
            <Kbd>s</Kbd>
          </span>
        ) : (
          <>
            <IconButton disabled={found.lines.length === 0} label="Previous place" onClick={() => onStep(-1)} size="sm">
              <ChevronUp aria-hidden />
            </IconButton>
            <IconButton disabled={found.lines.length === 0} label="Next place" onClick={() => onStep(1)} size="sm">
              <ChevronDown aria-hidden />
            </IconButton>
          </>
        )}
      </label>
      <span className="text-xs whitespace-nowrap text-ink-3">
        {formatCount(lines.count)} lines, {formatCount(lines.spanCount)} {lines.spanCount === 1 ? "span" : "spans"},{" "}
        {formatBytes(bytes.length)}
      </span>
      <span className="ml-auto inline-flex items-center gap-1 text-ink-3">
        {span === -1 ? (
          <span className="text-xs max-phone:hidden">press a span to select it</span>
        ) : (
          <>
            <span className="text-xs whitespace-nowrap">
              span {formatCount(span + 1)} of {formatCount(lines.spanCount)}
            </span>
            <CopyButton
              label="the selected span"
              text={textOfLines(document, lines.spanFirst[span] ?? 0, lines.spanLast[span] ?? 0)}
            />
          </>
        )}
      </span>
    </div>
  );
}

function foundText({ text, found, foundAt }: RawBarProps): string {
  if (text === "") return "";
  const count = `${formatCount(found.lines.length)}${found.isCut ? "+" : ""}${found.isDone ? "" : "…"}`;
  const noun = found.lines.length === 1 ? "line" : "lines";
  return foundAt < 0 ? `${count} ${noun}` : `${formatCount(foundAt + 1)} of ${count}`;
}
