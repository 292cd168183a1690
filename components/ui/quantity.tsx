import type { Quantity } from "@/lib/format";
import { classNames } from "./class-names";

type QuantityTextProps = {
  quantity: Quantity;
  /** Units in a 22-px slot of their own, so that numbers in a column line up. False inside running text. */
  aligned?: boolean;
  className?: string;
};

/** A number and its quieter unit: "1.62 s". */
export function QuantityText({ quantity, aligned = true, className }: QuantityTextProps) {
  const { value, unit } = quantity;
  if (!aligned) {
    return (
      <span className={classNames("whitespace-nowrap tabular-nums", className)}>
        {value}
        {unit !== "" && <span className="text-ink-3">{`\u202f${unit}`}</span>}
      </span>
    );
  }
  return (
    <span className={classNames("inline-grid grid-cols-[1fr_22px] text-right whitespace-pre tabular-nums", className)}>
      <span>{value}</span>
      <span className="text-left text-ink-3">{unit === "" ? "" : `\u202f${unit}`}</span>
    </span>
  );
}
