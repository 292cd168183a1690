import { ChevronDown, ChevronUp, TextSearch } from "lucide-react";
import type { RefObject } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { IconButton } from "@/components/ui/icon-button";
import { Kbd } from "@/components/ui/kbd";
import { formatBytes, formatCount } from "@/lib/format";
import { type RawDocument, textOfLines } from "../../domain/raw/raw-text";
import { FindInput } from "../find-input";
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
  return (
    <div className="sticky top-12 z-10 flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-surface px-2.5 py-1 text-sm">
      <FindInput
        aria-label="Search the text"
        boxClassName="h-7 min-w-[180px] flex-1 max-phone:basis-full desk:max-w-[380px]"
        found={foundText(props)}
        Icon={TextSearch}
        inputRef={findRef}
        onStep={onStep}
        onText={onFind}
        placeholder="any text of the file"
        value={text}
      >
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
      </FindInput>
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
