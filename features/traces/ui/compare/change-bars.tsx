import { formatDuration } from "@/lib/format";
import type { CompareReply } from "../../contract";
import { type LedgerPiece, toChangeLedger } from "../../domain/compare-view/change-ledger";
import { clauseColour } from "./change-sentence";
import { SideSwatch } from "./side-swatch";

/** A label that would be cut says nothing. */
const MIN_LABEL_SHARE = 0.12;

type ChangeBarsProps = { reply: CompareReply; names: { before: string; after: string }; selected: number | undefined };

/** The same sum as bars on one scale: before, after, and after without its largest named addition. */
export function ChangeBars({ reply, names, selected }: ChangeBarsProps) {
  const ledger = toChangeLedger(reply);
  const fixed = ledger.fixed === null ? undefined : reply.verdict.clauses[ledger.fixed.clause];
  const fixedName = fixed?.kind === "new" ? "without the new step" : "grown step as before";
  const label = { before: names.before, after: names.after, fixed: fixedName };
  return (
    <dl className="m-0 grid grid-cols-[minmax(72px,150px)_minmax(0,1fr)_64px] items-center gap-x-2 gap-y-1.5 border-t border-line px-4 py-3 text-sm max-phone:grid-cols-[84px_minmax(0,1fr)_58px] max-phone:px-3.5">
      {ledger.bars.map((bar) => (
        <div className="contents" key={bar.id}>
          <dt className="flex min-w-0 items-center gap-1.5 text-ink-3">
            {bar.id !== "fixed" && <SideSwatch side={bar.id === "before" ? "a" : "b"} />}
            <span className={bar.id === "fixed" ? "leading-tight" : "truncate"} title={label[bar.id]}>
              {label[bar.id]}
            </span>
          </dt>
          <dd aria-hidden className="relative m-0 h-5">
            {bar.pieces.map((piece) => (
              <Piece
                colour={clauseColour(
                  reply,
                  piece.clause === null ? null : (reply.verdict.clauses[piece.clause]?.step ?? null),
                )}
                isKeptText={bar.id !== "before"}
                isSelected={
                  piece.clause !== null &&
                  reply.verdict.clauses[piece.clause]?.step === selected &&
                  selected !== undefined
                }
                key={`${piece.look} ${piece.fromUs}`}
                piece={piece}
                scaleUs={ledger.scaleUs}
              />
            ))}
          </dd>
          <dd className="m-0 text-right font-semibold whitespace-nowrap">{formatDuration(Math.round(bar.totalUs))}</dd>
        </div>
      ))}
    </dl>
  );
}

type PieceProps = { piece: LedgerPiece; scaleUs: number; colour: string; isKeptText: boolean; isSelected: boolean };

const REST = "var(--line-strong)";

const LOOKS = {
  kept: "border-[1.5px] border-dashed border-ink-3 bg-band text-ink-2",
  added: "ledger-piece",
  gone: "border border-dashed text-ink-2",
  saved: "rounded-[2px] border border-dashed border-ink-3 text-ink-2 font-medium",
};

function Piece({ piece, scaleUs, colour, isKeptText, isSelected }: PieceProps) {
  const widthUs = piece.toUs - piece.fromUs;
  const hasRoom = widthUs / scaleUs >= MIN_LABEL_SHARE;
  return (
    <i
      className={`absolute inset-y-px overflow-hidden pl-1.5 text-xs leading-[18px] font-semibold whitespace-nowrap not-italic ${LOOKS[piece.look]} ${isSelected ? "ring-2 ring-accent" : ""}`}
      style={
        {
          left: `${(piece.fromUs / scaleUs) * 100}%`,
          width: `max(2px, calc(${(widthUs / scaleUs) * 100}% - 1px))`,
          ...(piece.look === "added" ? { "--piece": colour } : {}),
          // Text of the surface's colour cannot be read on the grey of the rest.
          ...(piece.look === "added" && colour === REST ? { color: "var(--ink)" } : {}),
          ...(piece.look === "gone" ? { borderColor: colour } : {}),
        } as React.CSSProperties
      }
    >
      {hasRoom && pieceText(piece, widthUs, isKeptText)}
    </i>
  );
}

function pieceText({ look }: LedgerPiece, widthUs: number, isKeptText: boolean): string {
  const us = formatDuration(Math.round(widthUs));
  if (look === "kept") return isKeptText ? "as before" : "";
  if (look === "added") return `+${us}`;
  return look === "gone" ? `−${us}` : `saves ${us}`;
}
