import type { ReactNode } from "react";

const LINE = "fill-none stroke-line";
const TEXT = "fill-none stroke-line [stroke-linecap:round] [stroke-width:4]";
const STRONG = "fill-none stroke-line-strong [stroke-linecap:round] [stroke-linejoin:round] [stroke-width:1.5]";

function Sketch({ children }: { children: ReactNode }) {
  return (
    <svg viewBox="0 0 232 108" width="232" height="108" aria-hidden="true" className="h-auto w-full max-w-[232px]">
      {children}
    </svg>
  );
}

export function TracesSketch() {
  return (
    <Sketch>
      <path className={LINE} d="M0 26.5h232M0 53.5h232M0 80.5h232" />
      <path className={STRONG} d="M0 20C20 16 30 21 48 17s32 2 52-2 30 3 48 0l20-1" />
      <path
        className="fill-line-strong opacity-75"
        d="M0 36h150v8H0zM14 63h28v8H14zM46 63h20v8H46zM70 63h64v8H70zM76 90h50v8H76z"
      />
      <circle className="fill-line-strong" cx="168" cy="14" r="2.5" />
      <path className={TEXT} d="M176 14h40M160 40h30M144 67h44M136 94h30" />
    </Sketch>
  );
}

export function RunbooksSketch() {
  return (
    <Sketch>
      <path className={TEXT} d="M0 10h92M26 34h128M26 60h84M26 86h104M26 45h60" />
      {[26.5, 52.5, 78.5].map((y) => (
        <rect key={y} className={STRONG} x=".75" y={y} width="14" height="14" rx="3.5" />
      ))}
      <path
        className="fill-none stroke-ok [stroke-linecap:round] [stroke-linejoin:round] [stroke-width:2]"
        d="m4 34 3.2 3.2 5-6"
      />
      <circle className="fill-surface stroke-line-strong" cx="204" cy="34" r="8" strokeWidth="1.5" />
      <circle className="fill-surface stroke-line-strong" cx="218" cy="34" r="8" strokeWidth="1.5" />
    </Sketch>
  );
}

export function S3MigrationSketch() {
  return (
    <Sketch>
      <path className={TEXT} d="M0 10h46M150 10h82" />
      <rect className="fill-line-strong opacity-75" x="0" y="28" width="142" height="7" rx="3.5" />
      <rect className={STRONG} x=".75" y="28.25" width="230.5" height="6.5" rx="3.25" />
      <path className={LINE} d="M0 100.5h232M142.5 54v46" />
      <path className="fill-sunken" d="M0 100V74l18-4 16 3 20-5 18 4V72l24-2 22 3 24-5v32Z" />
      <path className={STRONG} d="M0 74l18-4 16 3 20-5 18 4 24-2 22 3 24-5" />
      <path className={STRONG} d="M142 68h48" strokeDasharray="2 4" />
    </Sketch>
  );
}
