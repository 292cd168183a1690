import { shownKey, splitKey } from "../domain/shown-key";

/**
 * A key in one line: where room is short the directory loses its beginning, which many keys share, and the file name
 * stays. The whole key is the title.
 */
export function KeyLine({ value }: { value: string }) {
  const shown = shownKey(value);
  const { dir, file } = splitKey(shown);
  return (
    <bdi className="mono flex min-w-0" title={shown}>
      {dir !== "" && (
        // Right to left, so that the ellipsis stands at the beginning; the text itself is left to right.
        <span className="min-w-0 shrink truncate text-ink-3 [direction:rtl]">
          <bdi dir="ltr">{dir}</bdi>
        </span>
      )}
      <span className="max-w-full shrink-0 truncate text-ink">{file}</span>
    </bdi>
  );
}

/** A key in full, broken where it must be. */
export function WholeKey({ value, className = "" }: { value: string; className?: string }) {
  return <bdi className={`mono min-w-0 break-all ${className}`}>{shownKey(value)}</bdi>;
}
