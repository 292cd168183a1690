import { Chip } from "@/components/ui/chip";
import { formatCount } from "@/lib/format";
import { type TraceTrust, traceTrust } from "../domain/trace-trust";
import type { Trace } from "../queries";

/** How far the trace can be trusted, one badge a fact; what is fine is said too. */
export function TraceBadges({ trace }: { trace: Trace }) {
  const { facts, skeleton } = trace;
  return (
    <ul aria-label="How far this trace can be trusted" className="ml-auto flex flex-wrap gap-1.5 max-desk:ml-0">
      {traceTrust({ ...facts, spanCount: skeleton.spanCount }).map((badge: TraceTrust) => (
        <li key={badge.text}>
          <Chip title={badge.why} tone={badge.tone}>
            {badge.text}
          </Chip>
        </li>
      ))}
      {facts.warnings.length > 0 && (
        <li>
          <Chip tone="warn" title={facts.warnings.map(({ text, count }) => `${count} × ${text}`).join("\n")}>
            {formatCount(facts.warnings.length)} {facts.warnings.length === 1 ? "warning" : "warnings"}
          </Chip>
        </li>
      )}
    </ul>
  );
}
