/** Shapes drawn in a 10 × 10 box, one path each. */
export const SERVICE_SHAPES = {
  disc: "M5 .8a4.2 4.2 0 1 1 0 8.4a4.2 4.2 0 0 1 0-8.4z",
  diamond: "M5 .3 9.7 5 5 9.7.3 5z",
  square: "M1 1h8v8H1z",
  triangle: "M5 .7 9.6 9.1H.4z",
  bucket: "M.4 1.2h9.2L8 8.8H2z",
  hexagon: "M2.7 1h4.6L9.7 5 7.3 9H2.7L.3 5z",
  cross: "M3.4.6h3.2v2.8h2.8v3.2H6.6v2.8H3.4V6.6H.6V3.400h2.800z",
  wedge: "M.4.9h9.200L5 9.300z",
} as const;

export type ServiceShape = keyof typeof SERVICE_SHAPES;
/** `colour` is the token's name: a class `text-s1`, or `var(--s1)` on a canvas or chart. */
export type ServiceStyle = { colour: `s${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`; shape: ServiceShape };

const SHAPES = ["disc", "diamond", "square", "triangle", "bucket", "hexagon", "cross", "wedge"] as const;
/** Without s5, a red: a service in it looks like one that fails. */
const COLOURS = ["s1", "s2", "s3", "s4", "s6", "s7", "s8"] as const;

const WELL_KNOWN: [pattern: RegExp, style: ServiceStyle][] = [
  [/(^|[-_. ])(postgres(ql)?|mysql|mariadb|sqlite)([-_. ]|$)/, { colour: "s3", shape: "square" }],
  [/(^|[-_. ])(redis|memcached?|valkey)([-_. ]|$)/, { colour: "s4", shape: "triangle" }],
  [/(^|[-_. ])(s3|minio|storage|bucket)([-_. ]|$)/, { colour: "s6", shape: "bucket" }],
  [/(^|[-_. ])(sidekiq|worker|jobs?|queue)([-_. ]|$)/, { colour: "s2", shape: "diamond" }],
  [/(^|[-_. ])(yosys|simulator|compiler)([-_. ]|$)/, { colour: "s8", shape: "hexagon" }],
  [/(^|[-_. ])(web|rails|app|frontend)([-_. ]|$)/, { colour: "s1", shape: "disc" }],
];

/**
 * The one colour and shape of a service, the same on every page and every day: fixed for well-known kinds, else from
 * the name (FNV-1a). Two services may share a colour; sharing both is one in 56.
 */
export function serviceStyle(service: string): ServiceStyle {
  const name = service.toLowerCase();
  const known = WELL_KNOWN.find(([pattern]) => pattern.test(name));
  if (known !== undefined) return known[1];
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193) >>> 0;
  const colour = COLOURS[hash % 7] ?? "s1";
  const at = (hash >>> 3) % 8;
  // The mark of a known kind is that kind's alone.
  const isTaken = WELL_KNOWN.some(([, style]) => style.colour === colour && style.shape === SHAPES[at]);
  return { colour, shape: SHAPES[(isTaken ? at + 1 : at) % 8] ?? "disc" };
}
