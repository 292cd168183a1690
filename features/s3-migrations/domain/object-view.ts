import { OBJECT_FILTERS, type ObjectFilterName } from "./object-contract";
import { ERROR_CLASSES, type ErrorClass, VERIFY_TIERS, type VerifyTier } from "./states";

/** A cause of failures: class, and code where only one of them is meant. */
export type Cause = { errorClass: ErrorClass; code: string | undefined };

/** The explorer's address: what a colleague sees by the link. */
export type ObjectView = {
  prefix: string;
  search: string;
  /** Keys from this one on. */
  from: string;
  state: ObjectFilterName | undefined;
  tier: VerifyTier | undefined;
  cause: Cause | undefined;
  /** The object that is open. */
  object: number | undefined;
};

export const EMPTY_VIEW: ObjectView = {
  prefix: "",
  search: "",
  from: "",
  state: undefined,
  tier: undefined,
  cause: undefined,
  object: undefined,
};

type Params = { get: (name: string) => string | null };
const oneOf = <T extends string>(words: readonly T[], text: string | null): T | undefined =>
  words.find((word) => word === text);

/** Reads an address; what cannot be read is as if it were not there. */
export function parseObjectView(params: Params): ObjectView {
  const object = params.get("object") ?? "";
  return {
    prefix: params.get("prefix") ?? "",
    search: params.get("q") ?? "",
    from: params.get("from") ?? "",
    state: oneOf(OBJECT_FILTERS, params.get("state")),
    tier: oneOf(VERIFY_TIERS, params.get("tier")),
    cause: parseCause(params.get("cause")),
    object: /^\d{1,15}$/.test(object) ? Number(object) : undefined,
  };
}

/** The parameters of the address; "" stands for one that is not there. */
export function printObjectView({ prefix, search, from, state, tier, cause, object }: ObjectView) {
  return {
    prefix,
    q: search,
    from,
    state: state ?? "",
    tier: tier ?? "",
    cause: cause === undefined ? "" : printCause(cause),
    object: object === undefined ? "" : String(object),
  };
}

/** "conflict" or "conflict KeyExists", as the address and a list of choices write it. */
export const printCause = ({ errorClass, code }: Cause): string =>
  code === undefined ? errorClass : `${errorClass} ${code}`;

function parseCause(text: string | null): Cause | undefined {
  if (text === null) return undefined;
  const at = text.indexOf(" ");
  const errorClass = oneOf(ERROR_CLASSES, at === -1 ? text : text.slice(0, at));
  return errorClass === undefined ? undefined : { errorClass, code: at === -1 ? undefined : text.slice(at + 1) };
}

/** What the server is asked for; without what is empty. */
export function toObjectsFilter({ prefix, search, from, state, tier, cause }: ObjectView) {
  return {
    ...(prefix !== "" && { prefix }),
    ...(search !== "" && { search }),
    ...(from !== "" && { from }),
    ...(state !== undefined && { state }),
    ...(tier !== undefined && { tier }),
    ...(cause !== undefined && { errorClass: cause.errorClass }),
    ...(cause?.code !== undefined && { code: cause.code }),
  };
}

/** How many things narrow the list, where it begins aside. */
export const filtersOf = ({ prefix, search, state, tier, cause }: ObjectView): number =>
  [prefix !== "", search !== "", state !== undefined, tier !== undefined, cause !== undefined].filter(Boolean).length;
