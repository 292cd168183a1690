import { shownKey, splitKey } from "../domain/shown-key";

/** A key in one line: where room is short the directory loses its end, the file name stays. The whole key is the title. */
export function KeyLine({ value }: { value: string }) {
  const shown = shownKey(value);
  const { dir, file } = splitKey(shown);
  return (
    <bdi className="mono flex min-w-0" title={shown}>
      {dir !== "" && <span className="min-w-0 shrink truncate text-ink-3 group-hover/row:text-ink-2">{dir}</span>}
      <span className="max-w-full min-w-[50%] truncate text-ink" style={{ flex: "0 1 auto" }}>
        {file}
      </span>
    </bdi>
  );
}

/** A key in full, broken where it must be. */
export function WholeKey({ value, className = "" }: { value: string; className?: string }) {
  return <bdi className={`mono min-w-0 break-all ${className}`}>{shownKey(value)}</bdi>;
}
