import * as z from "zod/mini";

export const PERSON_ROLES = ["viewer", "operator", "admin"] as const;
export type PersonRole = (typeof PERSON_ROLES)[number];

const email = z.string().check(z.trim(), z.email(), z.maxLength(200));
const password = z.string().check(z.minLength(1), z.maxLength(200));
const name = z.string().check(z.trim(), z.minLength(1), z.maxLength(60));

/** `POST /api/session`: opens a session; its cookie comes with the answer. */
export const signInSchema = z.strictObject({ email, password });
/** `POST /api/session/code`: a one-time code for a new password. `name` counts for a new admin alone. */
export const signInWithCodeSchema = z.strictObject({
  code: z.string().check(z.minLength(20), z.maxLength(60)),
  email,
  name: z._default(z.string().check(z.trim(), z.maxLength(60)), ""),
  password,
});
export const changePasswordSchema = z.strictObject({ current: password, password });

/** `GET /api/session`: whether this console asks who one is, and who one is; `null` for nobody. */
export const sessionReplySchema = z.object({
  isSignInOn: z.boolean(),
  person: z.nullable(
    z.object({ name: z.string(), email: z.string(), role: z.enum(PERSON_ROLES), permissions: z.array(z.string()) }),
  ),
});
export type SessionReply = z.infer<typeof sessionReplySchema>;
export const doneSchema = z.object({ isDone: z.literal(true) });

const openSessionSchema = z.object({
  id: z.string(),
  isThis: z.boolean(),
  createdAt: z.iso.datetime(),
  seenAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  address: z.string(),
  userAgent: z.string(),
});
export type OpenSession = z.infer<typeof openSessionSchema>;
/** `GET /api/account/sessions`: the one used last first. */
export const sessionListSchema = z.object({ sessions: z.array(openSessionSchema) });
export const sessionParamsSchema = z.strictObject({ id: z.string().check(z.minLength(1), z.maxLength(64)) });

export const personSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(PERSON_ROLES),
  isDisabled: z.boolean(),
  hasPassword: z.boolean(),
  createdAt: z.iso.datetime(),
  seenAt: z.nullable(z.iso.datetime()),
});
export type Person = z.infer<typeof personSchema>;
export const personListSchema = z.object({ people: z.array(personSchema) });
export const personParamsSchema = z.strictObject({ id: z.uuid() });
export const invitePersonSchema = z.strictObject({ name, email, role: z.enum(PERSON_ROLES) });
export const changePersonSchema = z.strictObject({
  role: z.optional(z.enum(PERSON_ROLES)),
  isDisabled: z.optional(z.boolean()),
});
/** The code is told this once. */
export const personWithCodeSchema = z.object({ person: personSchema, code: z.string() });
export type PersonWithCode = z.infer<typeof personWithCodeSchema>;
