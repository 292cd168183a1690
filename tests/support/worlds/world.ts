import { type Random, seededRandom } from "../seeded-random";
import { TraceRecorder } from "../trace-recorder";
import {
  type Conventions,
  cacheRead,
  call,
  type Dialect,
  httpCall,
  inner,
  LANGUAGES,
  leave,
  query,
  serve,
} from "./dialect";
import { nominalUs, runSteps, type SpanStep, type Step, scale, work } from "./step";

/** An operation of some services: what its requests do on a good day. */
export type World = {
  name: string;
  conventions: Conventions;
  dialects: Dialect[];
  root: SpanStep;
  /** What a request takes when nothing varies. */
  usualUs: number;
  /** How much its times vary: of their logarithm. */
  sigma: number;
  /** Share of its spans that come without attributes. */
  bareShare: number;
  seed: number;
};

const WORDS = [
  "cart",
  "orders",
  "users",
  "billing",
  "search",
  "catalog",
  "ledger",
  "media",
  "reports",
  "stock",
  "prices",
  "mail",
  "auth",
  "teams",
  "invoices",
  "reviews",
];
const VERBS = ["load", "build", "check", "render", "merge", "serialize", "authorize", "validate"];

/** A world of its own for each seed: other services, languages, depth, size and habits. */
export function makeWorld(seed: number, conventions: Conventions): World {
  const random = seededRandom(seed * 7919 + 13);
  const suffix = random.pick(["", "-api", "-service", "_app", "-svc"]);
  const dialects = shuffled(random, WORDS)
    .slice(0, random.between(2, 5))
    .map(
      (word): Dialect => ({
        service: `${word}${suffix}`,
        language: random.pick(LANGUAGES),
        conventions,
        hasStatements: random.next() < 0.85,
        hasPeers: random.next() < 0.8,
        database: `${word}db`,
      }),
    );
  const [edge] = dialects as [Dialect];
  const wanted = random.next() < 0.65 ? random.between(40_000, 400_000) : random.between(2_000_000, 30_000_000);
  const noun = random.pick(WORDS);
  const route = random.pick([`/${noun}`, `/${noun}/:id`, `/api/v1/${noun}/{id}`, `/${noun}/search`]);
  const root = serve(edge, { method: random.pick(["GET", "POST"]), route }, body(random, dialects, 0));
  const factor = wanted / nominalUs(root.steps);
  return {
    name: `${root.service} ${root.name} ${conventions}`,
    conventions,
    dialects,
    root: { ...root, steps: scale(root.steps, factor) },
    usualUs: wanted,
    sigma: random.pick([0.08, 0.15, 0.22, 0.3]),
    bareShare: random.pick([0, 0, 0, 0.03]),
    seed,
  };
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}

type Handler = { random: Random; dialect: Dialect; tables: string[] };

/** What a handler does: a few queries, some work, a call or two, sometimes side by side, sometimes a job. */
function body(random: Random, dialects: readonly Dialect[], at: number): Step[] {
  const dialect = dialects[at] as Dialect;
  const handler = { random, dialect, tables: shuffled(random, WORDS) };
  const { tables } = handler;
  const isNode = dialect.language === "node";
  const own = (us: number) => work(us * (0.5 + random.next()));
  const steps: Step[] = [own(3000)];
  if (at === 0 && isNode)
    for (const name of ["query", "expressInit"]) steps.push(inner(dialect, `middleware - ${name}`, [work(120)]));
  const doings = [
    ...reads(handler),
    ...(at + 1 < dialects.length ? [callNext(handler, dialects, at)] : []),
    ...extras(handler),
    inner(dialect, `${random.pick(VERBS)}_${tables.pop()}`, [work(random.between(3000, 20_000))]),
    ...(at === 0 && random.next() < 0.4 ? audit(handler, dialects) : []),
  ];
  for (const step of doings) steps.push(step, own(random.between(100, 2500)));
  if (dialect.language !== "ruby" && !isNode) return steps;
  const name = isNode ? `request handler - /${tables.pop()}` : `${capital(tables.pop() ?? "")}Controller#show`;
  return [own(800), inner(dialect, name, steps), own(500)];
}

function reads({ random, dialect, tables }: Handler): Step[] {
  const hasSession = random.next() < 0.6;
  const session = hasSession ? [cacheRead(dialect, (r) => `session:${r.between(1, 1e6)}`, 700)] : [];
  const isWrapped = dialect.language === "ruby" || dialect.language === "java";
  const queries = Array.from({ length: random.between(1, 4) }, (): Step => {
    const table = tables.pop() ?? "rows";
    const values = random.pick(["literals", "parameters", "identical"] as const);
    const select = query(dialect, { table, us: random.between(1500, 14_000), values });
    return isWrapped ? inner(dialect, `${capital(table)} query`, [select]) : select;
  });
  return [...session, ...queries];
}

function callNext({ random, dialect, tables }: Handler, dialects: readonly Dialect[], at: number): Step {
  const protocol = random.pick(["http", "grpc"] as const);
  const steps = body(random, dialects, at + 1);
  return call(dialect, dialects[at + 1] as Dialect, { route: `/${tables.pop()}`, protocol, networkUs: 1200, steps });
}

function extras({ random, dialect, tables }: Handler): Step[] {
  const steps: Step[] = [];
  if (random.next() < 0.35) {
    const names = shuffled(random, WORDS).slice(0, random.between(3, 5));
    const branches = names.map((name): Step[] => [
      query(dialect, { table: `${name}_daily`, us: random.between(4000, 30_000) }),
    ]);
    steps.push({ is: "at-once", branches });
  }
  if (random.next() < 0.5) {
    const host = `${tables.pop()}.example.com`;
    steps.push(httpCall(dialect, { host, path: (r) => `/v2/${r.between(1, 999)}`, us: 25_000 }));
  }
  if (random.next() < 0.4) {
    const missed = query(dialect, { table: `${tables.pop()}_miss`, us: 12_000 });
    steps.push({ is: "maybe", share: 0.3, steps: [missed] });
  }
  return steps;
}

function audit({ random, dialect }: Handler, dialects: readonly Dialect[]): Step[] {
  const waitUs = random.between(3000, 90_000);
  return leave(dialect, dialects.at(-1) as Dialect, { queue: "default", job: "AuditJob", waitUs, steps: [work(5000)] });
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** One in so many requests has some step that takes up to twice as long: nobody's trouble. */
const INNOCENT_SHARE = 0.15;

/** A request of the world, or of a changed copy of it. */
export function recordRequest({ sigma, bareShare }: World, root: SpanStep, seed: number): TraceRecorder {
  const rec = new TraceRecorder(seed);
  const slower = rec.random.next() < INNOCENT_SHARE ? 1 + rec.random.next() * 0.6 : 1;
  const steps: SpanStep = slower === 1 ? root : { ...root, steps: slowOne(root.steps, rec.random, slower) };
  runSteps([steps], { rec, sigma, lastProducer: undefined, laterEndUs: 0 });
  for (const span of rec.spans) if (rec.random.next() < bareShare) span.attributes = {};
  return rec;
}

function slowOne(steps: readonly Step[], random: Random, factor: number): Step[] {
  const at = random.between(0, steps.length - 1);
  return steps.map((step, place) => (place === at ? (scale([step], factor)[0] as Step) : step));
}
