import "./compare.css";

/** Before is dashed and grey, after solid: the same on every part of the page. */
export function SideSwatch({ side }: { side: "a" | "b" }) {
  return <i aria-hidden className={`inline-block h-3 w-[18px] shrink-0 ${side === "a" ? "side-a" : "side-b"}`} />;
}
