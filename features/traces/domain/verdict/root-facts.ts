type Attribute = { key: string; value: unknown };

/** What the span that began a trace says about the request as a whole. */
export type RootFacts = {
  httpStatus: string | undefined;
  release: string | undefined;
  host: string | undefined;
  environment: string | undefined;
  /** One in how many such requests is recorded, where an attribute says so. */
  sampling: { share: number; attribute: string } | undefined;
};

/** Both generations of OpenTelemetry's names; the first that is there counts. */
const KEYS = {
  httpStatus: ["http.response.status_code", "http.status_code"],
  release: ["service.version"],
  host: ["host.name", "k8s.pod.name", "container.id"],
  environment: ["deployment.environment.name", "deployment.environment"],
} as const;

/** Attributes that hold the share of traces recorded, 0 to 1, and those that hold its inverse. */
const SHARE_KEYS = ["sampling.probability", "otel.sampling.probability", "sampling.ratio", "sampler.param"];
const RATE_KEYS = ["SampleRate", "sample_rate", "sampling.rate"];

type RootSpan = { attributes: readonly Attribute[]; resource: readonly Attribute[] };

/** Reads them off the root span. Missing or odd values are left out. */
export function readRootFacts({ attributes, resource }: RootSpan): RootFacts {
  const all = [...attributes, ...resource];
  const text = (keys: readonly string[]) => {
    for (const key of keys) {
      const value = all.find((attribute) => attribute.key === key)?.value;
      if ((typeof value === "string" && value !== "") || typeof value === "number") return String(value);
    }
    return undefined;
  };
  return {
    httpStatus: text(KEYS.httpStatus),
    release: text(KEYS.release),
    host: text(KEYS.host),
    environment: text(KEYS.environment),
    sampling: readSampling(all),
  };
}

function readSampling(attributes: readonly Attribute[]): RootFacts["sampling"] {
  for (const { key, value } of attributes) {
    const number = Number(value);
    if (typeof value === "boolean" || value === "" || !Number.isFinite(number) || number <= 0) continue;
    // A constant sampler's parameter is 1 or true, which is no share.
    if (SHARE_KEYS.includes(key) && number < 1) return { share: number, attribute: key };
    if (RATE_KEYS.includes(key) && number > 1) return { share: 1 / number, attribute: key };
  }
  return undefined;
}
