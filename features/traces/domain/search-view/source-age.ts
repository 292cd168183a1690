type Told = {
  /** Our own answer says that the source fails. */
  isFailing: boolean;
  /** When our own answer came, epoch ms. */
  answeredAtMs: number;
  status: { state: "up" | "down"; lastGoodAt: string | null; downSince: string | null } | undefined;
};

/**
 * Whether the source of what is shown is silent, and when it was heard last. Our own answer comes from the database and is
 * always of now: while the source is down it says nothing of the source's age.
 */
export function sourceAge({ isFailing, answeredAtMs, status }: Told): { isUnheard: boolean; at: string | number } {
  const isUnheard = isFailing || status?.state === "down";
  return { isUnheard, at: isUnheard ? (status?.lastGoodAt ?? status?.downSince ?? answeredAtMs) : answeredAtMs };
}
