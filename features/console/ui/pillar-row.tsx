import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/card";
import { StateGlyph, type StateTone } from "@/components/ui/state-glyph";

type PillarRowProps = {
  id: string;
  icon: LucideIcon;
  title: string;
  /** What for. */
  children: ReactNode;
  /** What is already listening. */
  status: ReactNode;
  tone: StateTone;
  action?: ReactNode;
  commands: ReactNode;
  sketch: ReactNode;
  caption: string;
};

/** One pillar on the first page: what for, what already listens, the exact lines, what will appear. */
export function PillarRow(props: PillarRowProps) {
  const { id, icon: Icon, title, children, status, tone, action, commands, sketch, caption } = props;
  return (
    <Card
      aria-labelledby={id}
      className="mb-2.5 grid grid-cols-[276px_minmax(0,1fr)_264px] max-desk:grid-cols-[250px_minmax(0,1fr)] max-phone:grid-cols-[minmax(0,1fr)]"
    >
      <div className="flex flex-col items-start px-4 pt-3 pb-3.5 max-phone:px-3.5 max-phone:pt-3.5 max-phone:pb-1">
        <h2 id={id} className="flex items-center gap-[9px] text-lg">
          <Icon className="size-4 text-ink-2" strokeWidth={1.7} aria-hidden />
          {title}
        </h2>
        <p className="mt-1.5 leading-[18px] text-ink-2">{children}</p>
        <p className="mt-auto flex gap-2 pt-3 text-sm text-ink-2">
          <StateGlyph tone={tone} className="mt-[3px]" />
          <span className="min-w-0 break-words">{status}</span>
        </p>
        {action !== undefined && <div className="mt-2.5 max-phone:hidden">{action}</div>}
      </div>
      <div className="grid min-w-0 content-start gap-2 py-[11px] max-desk:pr-4 max-phone:px-3.5 max-phone:pt-2.5 max-phone:pb-3.5">
        {commands}
      </div>
      <figure className="flex flex-col justify-between px-4 pt-4 pb-3 max-desk:hidden">
        {sketch}
        <figcaption className="pt-3 text-sm/4 text-ink-3">{caption}</figcaption>
      </figure>
    </Card>
  );
}
