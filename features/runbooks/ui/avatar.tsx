const COLOURS = ["bg-s1", "bg-s4", "bg-s6", "bg-s5", "bg-s7", "bg-s8"];

/** A person's initials on a colour that stays theirs; decoration beside the name. */
export function Avatar({ name }: { name: string }) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  const initials = name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .join("")
    .slice(0, 2)
    .toUpperCase();
  return (
    <span
      aria-hidden
      className={`inline-flex size-[18px] shrink-0 items-center justify-center rounded-full text-[8px] font-semibold text-surface ${COLOURS[sum % COLOURS.length]}`}
    >
      {initials}
    </span>
  );
}
