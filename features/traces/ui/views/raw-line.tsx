import { memo, type ReactNode } from "react";
import { partsOfLine, type RawDocument, type RawPart } from "../../domain/raw/raw-text";

const INDENT_CH = 2;
const TONES: Record<RawPart["kind"], string> = {
  key: "text-ink-2",
  text: "text-ink",
  literal: "text-accent",
  sign: "text-ink-3",
};

type RawLineProps = {
  document: RawDocument;
  line: number;
  linePx: number;
  topPx: number;
  isSelected: boolean;
  /** Whether it is the found line the reader is at. */
  isCurrent: boolean;
  /** What is looked for; its places are marked. */
  text: string;
};

/** One line with its number. */
export const RawLine = memo(function RawLine(props: RawLineProps) {
  const { document, line, linePx, topPx, isSelected, isCurrent, text } = props;
  const tone = isCurrent ? "bg-warn-soft" : isSelected ? "bg-accent-soft" : "";
  return (
    <div
      className={`absolute top-0 left-0 flex w-max min-w-full pr-4 text-[12px] whitespace-pre ${tone}`}
      data-line={line}
      style={{ height: linePx, lineHeight: `${linePx}px`, transform: `translateY(${topPx}px)` }}
    >
      <span
        aria-hidden
        className={`mr-3 w-[7ch] shrink-0 border-r pr-1.5 text-right text-ink-3 select-none ${isSelected ? "border-accent" : "border-line"}`}
      >
        {line + 1}
      </span>
      <code style={{ paddingLeft: `${(document.lines.depth[line] ?? 0) * INDENT_CH}ch` }}>
        {partsOfLine(document, line).map((part, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line have no identity and never move
          <span className={TONES[part.kind]} key={at}>
            {withMarks(part.text, text)}
          </span>
        ))}
      </code>
    </div>
  );
});

/** The text with what is looked for marked, as far as it lies in one part. */
function withMarks(part: string, text: string): ReactNode {
  if (text === "") return part;
  const at = part.toLowerCase().indexOf(text.toLowerCase());
  if (at === -1) return part;
  const end = at + text.length;
  return (
    <>
      {part.slice(0, at)}
      <mark className="rounded-xs bg-warn-soft text-ink ring-1 ring-warn">{part.slice(at, end)}</mark>
      {withMarks(part.slice(end), text)}
    </>
  );
}
