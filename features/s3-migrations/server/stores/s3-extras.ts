import { XMLParser } from "fast-xml-parser";
import { z } from "zod";
import type { KeepNeeds } from "../../domain/keep-policy";
import type { Tag } from "../../domain/kept-headers";
import type { S3Client } from "./s3-client";
import { decodeEntities } from "./s3-xml";
import { StoreError } from "./store-error";

/** What a HEAD does not tell of an object. */
export type ObjectExtras = { tags: readonly Tag[]; grants: readonly string[] };

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  tagValueProcessor: (_name, value) => decodeEntities(value),
  isArray: (name) => name === "Tag" || name === "Grant",
});

const text = z.string().default("");
// An element without children is parsed as a text of its white space.
const empty = z.string().transform(() => ({}));
const tagSet = z.object({
  Tag: z
    .array(z.object({ Key: z.string(), Value: text }))
    .max(50)
    .default([]),
});
const taggingSchema = z.object({
  Tagging: z.object({ TagSet: z.union([tagSet, empty.pipe(tagSet)]).default({ Tag: [] }) }),
});
const grantee = z.object({ ID: text, URI: text, EmailAddress: text });
const aclSchema = z.object({
  AccessControlPolicy: z.object({
    Owner: z.object({ ID: text }),
    AccessControlList: z.object({
      Grant: z
        .array(z.object({ Grantee: grantee, Permission: z.string() }))
        .max(100)
        .default([]),
    }),
  }),
});

/** Tags and grants of one object, as far as they are needed. */
export async function readExtras(
  client: S3Client,
  key: string,
  { needs, signal }: { needs: Pick<KeepNeeds, "tags" | "grants">; signal: AbortSignal },
): Promise<ObjectExtras> {
  const [tags, grants] = await Promise.all([
    needs.tags ? readTags(client, key, signal) : [],
    needs.grants ? readGrants(client, key, signal) : [],
  ]);
  return { tags, grants };
}

async function readTags(client: S3Client, key: string, signal: AbortSignal): Promise<Tag[]> {
  const reply = await client.text({ method: "GET", key, query: { tagging: "" }, signal });
  const { Tagging } = parseAs(taggingSchema, reply.text, "tags");
  return Tagging.TagSet.Tag.map(({ Key, Value }): Tag => [Key, Value]).sort(([a], [b]) => (a < b ? -1 : 1));
}

const PERMISSIONS: Record<string, string> = {
  FULL_CONTROL: "full-control",
  READ: "read",
  READ_ACP: "read-acp",
  WRITE_ACP: "write-acp",
};

/** Each as `read uri="…"`. What the owner may do is not among them: the copy has an owner of its own. */
async function readGrants(client: S3Client, key: string, signal: AbortSignal): Promise<string[]> {
  const reply = await client.text({ method: "GET", key, query: { acl: "" }, signal });
  const { Owner, AccessControlList } = parseAs(aclSchema, reply.text, "access rules").AccessControlPolicy;
  return AccessControlList.Grant.flatMap(({ Grantee, Permission }) => {
    const name = PERMISSIONS[Permission];
    if (name === undefined || (Grantee.ID !== "" && Grantee.ID === Owner.ID)) return [];
    if (Grantee.URI !== "") return [`${name} uri="${Grantee.URI}"`];
    return [Grantee.ID === "" ? `${name} emailAddress="${Grantee.EmailAddress}"` : `${name} id="${Grantee.ID}"`];
  }).sort();
}

/** `x-amz-tagging`; "" when there are none to send. */
export function taggingHeader(tags: readonly Tag[]): string {
  return tags.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}

const ALL_USERS = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"';
const SIGNED_USERS = 'uri="http://acs.amazonaws.com/groups/global/AuthenticatedUsers"';
const CANNED: Record<string, string> = {
  "": "private",
  [`read ${ALL_USERS}`]: "public-read",
  [`read ${SIGNED_USERS}`]: "authenticated-read",
};

/**
 * The canned access rules that are exactly these grants. Other grants name accounts of the source: to give them to
 * somebody at another place is for a person to decide, so they are `unsupported`.
 */
export function cannedAcl(grants: readonly string[]): string {
  const canned = CANNED[grants.join("\n")];
  if (canned !== undefined) return canned;
  const message = `Its access rules name accounts and cannot be kept as they are: ${grants.join("; ")}.`;
  throw new StoreError({ errorClass: "unsupported", code: "GrantsNotCanned", message });
}

function parseAs<S extends z.ZodType>(schema: S, body: string, what: string): z.output<S> {
  const message = `The store answered ${what} that make no sense.`;
  try {
    return schema.parse(parser.parse(body));
  } catch (cause) {
    throw new StoreError({ errorClass: "transient", code: "UnreadableReply", message, cause });
  }
}
