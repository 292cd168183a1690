import type { ApiProblem } from "@/lib/api";
import { type CreateS3Migration, createS3MigrationSchema } from "../contract";

/** What stands in the form: text as typed. */
export type Draft = {
  name: string;
  sourceKind: "local" | "s3";
  sourcePath: string;
  sourceBucket: string;
  sourcePrefix: string;
  sourceEndpoint: string;
  sourceProfile: string;
  bucket: string;
  prefix: string;
  endpoint: string;
  region: string;
  profile: string;
  concurrency: string;
  maxObjectsPerSecond: string;
  verify: "stored" | "read_back";
};

export const EMPTY_DRAFT: Draft = {
  name: "",
  sourceKind: "local",
  sourcePath: "",
  sourceBucket: "",
  sourcePrefix: "",
  sourceEndpoint: "",
  sourceProfile: "",
  bucket: "",
  prefix: "",
  endpoint: "",
  region: "",
  profile: "",
  concurrency: "32",
  maxObjectsPerSecond: "",
  verify: "stored",
};

/** Only the fields that were filled in: absent means "the worker's own". */
function filled<K extends string>(fields: Record<K, string>): Partial<Record<K, string>> {
  const entries = Object.entries<string>(fields).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== "")) as Partial<Record<K, string>>;
}

/** The request the draft stands for, not yet checked. */
export function toRequest(draft: Draft): CreateS3Migration {
  const source =
    draft.sourceKind === "local"
      ? { kind: "local" as const, path: draft.sourcePath.trim() }
      : {
          kind: "s3" as const,
          bucket: draft.sourceBucket.trim(),
          prefix: draft.sourcePrefix,
          ...filled({ endpoint: draft.sourceEndpoint, profile: draft.sourceProfile }),
        };
  const { endpoint, region, profile } = draft;
  return {
    name: draft.name,
    source,
    destination: {
      kind: "s3",
      bucket: draft.bucket.trim(),
      prefix: draft.prefix,
      ...filled({ endpoint, region, profile }),
    },
    options: {
      concurrency: Number(draft.concurrency),
      verify: draft.verify,
      ...(draft.maxObjectsPerSecond.trim() === "" ? {} : { maxObjectsPerSecond: Number(draft.maxObjectsPerSecond) }),
    },
  };
}

/** What is wrong, by dotted field as the server names it too ("destination.bucket"). Empty: nothing. */
export function problemsOf(draft: Draft): ReadonlyMap<string, string> {
  const parsed = createS3MigrationSchema.safeParse(toRequest(draft));
  if (parsed.success) return new Map();
  return new Map(parsed.error.issues.map((issue) => [issue.path.join("."), sentence(issue.message)]));
}

/** The server's refusals, on the same fields. */
export function refusedFields(problem: ApiProblem | undefined): ReadonlyMap<string, string> {
  return new Map((problem?.problems ?? []).map(({ field, message }) => [field, message]));
}

function sentence(message: string): string {
  return message.startsWith("Too small") ? "Fill this in." : message;
}
