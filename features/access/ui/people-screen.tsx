"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef } from "react";
import { PageHeader } from "@/components/shell/page-header";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { CopyButton } from "@/components/ui/copy-button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { RelativeTime } from "@/components/ui/relative-time";
import { Select } from "@/components/ui/select";
import { routes } from "@/lib/routes";
import { PERSON_ROLES, type Person, type PersonRole, type PersonWithCode } from "../contract";
import { changePerson, invitePerson, peopleQuery, renewCode } from "../queries";

const ROLE_WORDS: Record<PersonRole, string> = {
  viewer: "Viewer: sees everything",
  operator: "Operator: runs runbooks, commands migrations",
  admin: "Admin: defines migrations, manages people",
};

/** Everybody who may sign in, with what they may do. */
export function PeopleScreen() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(peopleQuery);
  const onSettled = () => void client.invalidateQueries({ queryKey: peopleQuery.queryKey });
  const change = useMutation({
    mutationFn: ({ id, ...json }: { id: string; role?: PersonRole; isDisabled?: boolean }) => changePerson(id, json),
    onSettled,
  });
  const renew = useMutation({ mutationFn: renewCode, onSettled });
  const problem = error ?? change.error ?? renew.error;
  return (
    <>
      <PageHeader title="People" breadcrumb={[{ label: "Account", href: routes.account() }, { label: "People" }]} />
      <div className="grid grid-cols-[minmax(0,1fr)_360px] items-start gap-4 max-tablet:grid-cols-1">
        <Card aria-label="Everybody">
          {data === undefined && error === null && <LoadingRows rows={4} rowHeightPx={52} />}
          {problem !== null && <ErrorState problem={problem} onRetry={() => void refetch()} />}
          {renew.data !== undefined && <CodeNote {...renew.data} />}
          <ul>
            {data?.people.map((person) => (
              <PersonRow
                key={person.id}
                person={person}
                isBusy={change.isPending || renew.isPending}
                onChange={(json) => change.mutate({ id: person.id, ...json })}
                onRenew={() => renew.mutate(person.id)}
              />
            ))}
          </ul>
        </Card>
        <Card aria-labelledby="invite">
          <CardHeader id="invite" title="Invite somebody" />
          <CardBody>
            <InviteForm onSettled={onSettled} />
          </CardBody>
        </Card>
      </div>
    </>
  );
}

type PersonRowProps = {
  person: Person;
  isBusy: boolean;
  onChange: (change: { role?: PersonRole; isDisabled?: boolean }) => void;
  onRenew: () => void;
};

function PersonRow({ person, isBusy, onChange, onRenew }: PersonRowProps) {
  const { name, email, role, isDisabled, hasPassword, seenAt } = person;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-t border-line px-4 py-2 first:border-t-0 max-phone:px-3.5">
      <span className="min-w-0 flex-1 basis-48">
        <span className={isDisabled ? "font-[550] text-ink-3 line-through" : "font-[550]"}>{name}</span>
        <span className="block text-sm break-all text-ink-3">
          {email},{" "}
          {seenAt === null ? hasPassword ? "not signed in" : "has no password yet" : <RelativeTime at={seenAt} />}
        </span>
      </span>
      <Select
        aria-label={`Role of ${name}`}
        title={ROLE_WORDS[role]}
        value={role}
        disabled={isBusy || isDisabled}
        onChange={(event) => onChange({ role: PERSON_ROLES.find((one) => one === event.target.value) ?? role })}
      >
        {PERSON_ROLES.map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </Select>
      <Button size="sm" disabled={isBusy || isDisabled} onClick={onRenew}>
        New code
      </Button>
      <Button
        size="sm"
        variant={isDisabled ? "secondary" : "danger"}
        disabled={isBusy}
        onClick={() => onChange({ isDisabled: !isDisabled })}
      >
        {isDisabled ? "Let in again" : "Keep out"}
      </Button>
    </li>
  );
}

function InviteForm({ onSettled }: { onSettled: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const invite = useMutation({ mutationFn: invitePerson, onSettled, onSuccess: () => form.current?.reset() });
  const handleSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const role = PERSON_ROLES.find((one) => one === data.get("role")) ?? "viewer";
    invite.mutate({ name: String(data.get("name")), email: String(data.get("email")), role });
  };
  return (
    <form ref={form} onSubmit={handleSubmit} className="grid gap-3">
      <Field label="Name" hint="Stands beside what they do.">
        <Input name="name" required maxLength={60} autoComplete="off" />
      </Field>
      <Field label="E-mail">
        <Input name="email" type="email" required autoComplete="off" />
      </Field>
      <Field label="Role">
        <Select name="role" defaultValue="viewer">
          {PERSON_ROLES.map((role) => (
            <option key={role} value={role}>
              {ROLE_WORDS[role]}
            </option>
          ))}
        </Select>
      </Field>
      {invite.error !== null && (
        <p role="alert" className="text-sm text-bad">
          {invite.error.message}
        </p>
      )}
      <Button type="submit" disabled={invite.isPending} className="justify-self-start">
        Invite
      </Button>
      {invite.data !== undefined && <CodeNote {...invite.data} />}
    </form>
  );
}

/** Nobody is sent anything: the admin hands the code over in a way they trust. */
function CodeNote({ person, code }: PersonWithCode) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 gap-y-1 border-t border-line px-4 py-2.5" role="status">
      <span>
        Code for {person.name}, good once within three days under “I have a code” of the sign-in. Shown this once:
      </span>
      <code className="mono font-medium">{code}</code>
      <CopyButton text={code} label="Copy the code" />
    </p>
  );
}
