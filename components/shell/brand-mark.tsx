/** The console's mark: three spans and a point. */
export function BrandMark() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" className="shrink-0">
      <rect width="20" height="20" rx="5" className="fill-ink" />
      <path d="M4 6.2h7M7 10h6M11.5 13.8H16" className="stroke-surface" strokeWidth="2" strokeLinecap="round" />
      <circle cx="15.4" cy="6.2" r="1.5" className="fill-accent" />
    </svg>
  );
}
