import { queryOptions } from "@tanstack/react-query";
import { apiFetch } from "@/lib/api";
import {
  doneSchema,
  type Person,
  type PersonRole,
  personListSchema,
  personSchema,
  personWithCodeSchema,
  sessionListSchema,
  sessionReplySchema,
} from "./contract";

const keys = {
  session: () => ["access", "session"] as const,
  sessions: () => ["access", "sessions"] as const,
  people: () => ["access", "people"] as const,
};

/** Who this browser is signed in as. */
export const sessionQuery = queryOptions({
  queryKey: keys.session(),
  queryFn: ({ signal }) => apiFetch("/api/session", { schema: sessionReplySchema, signal }),
  staleTime: 30_000,
});

export const sessionListQuery = queryOptions({
  queryKey: keys.sessions(),
  queryFn: ({ signal }) => apiFetch("/api/account/sessions", { schema: sessionListSchema, signal }),
  refetchInterval: 15_000,
});

export const peopleQuery = queryOptions({
  queryKey: keys.people(),
  queryFn: ({ signal }) => apiFetch("/api/people", { schema: personListSchema, signal }),
  refetchInterval: 15_000,
});

export const signIn = (json: { email: string; password: string }) =>
  apiFetch("/api/session", { json, schema: doneSchema });

export const signInWithCode = (json: { code: string; email: string; name: string; password: string }) =>
  apiFetch("/api/session/code", { json, schema: doneSchema });

export const signOut = () => apiFetch("/api/session", { method: "DELETE", schema: doneSchema });

export const endSession = (id: string) =>
  apiFetch(`/api/account/sessions/${encodeURIComponent(id)}`, { method: "DELETE", schema: doneSchema });

export const changePassword = (json: { current: string; password: string }) =>
  apiFetch("/api/account/password", { method: "PUT", json, schema: doneSchema });

export const invitePerson = (json: { name: string; email: string; role: PersonRole }) =>
  apiFetch("/api/people", { json, schema: personWithCodeSchema });

export const changePerson = (id: string, json: { role?: PersonRole; isDisabled?: boolean }): Promise<Person> =>
  apiFetch(`/api/people/${encodeURIComponent(id)}`, { method: "PATCH", json, schema: personSchema });

export const renewCode = (id: string) =>
  apiFetch(`/api/people/${encodeURIComponent(id)}/code`, { method: "POST", schema: personWithCodeSchema });
