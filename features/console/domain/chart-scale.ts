const NICE_STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880].map((minutes) => minutes * 60_000);

/** Times on whole minutes, hours or days of the local clock, at most `most` of them. `offsetMs` is the zone's offset. */
export function timeTicks(fromMs: number, toMs: number, most: number, offsetMs: number): number[] {
  const stepMs = NICE_STEPS_MS.find((step) => (toMs - fromMs) / step <= most) ?? toMs - fromMs;
  const ticks: number[] = [];
  for (let at = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs; at <= toMs; at += stepMs) ticks.push(at);
  return ticks;
}

/** On which side of a mark at `share` of the width its name has room, which takes `nameShare` of it. */
export function sideOfName(share: number, nameShare: number): "before" | "after" {
  return share + nameShare > 1 ? "before" : "after";
}

/** The least 1, 2 or 5 times a power of ten that is not below `value`; 1 for nothing. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((candidate) => candidate * power >= value) ?? 10;
  return step * power;
}
