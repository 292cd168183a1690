"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { PageHeader } from "@/components/shell/page-header";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { Chip } from "@/components/ui/chip";
import { RelativeTime } from "@/components/ui/relative-time";
import { routes } from "@/lib/routes";
import type { OpenSession } from "../contract";
import { toDevice } from "../domain/to-device";
import { endSession, sessionListQuery, sessionQuery, signOut } from "../queries";
import { PasswordForm } from "./password-form";

/** Who one is here, the password, and every browser that is signed in. */
export function AccountScreen() {
  const { data } = useQuery(sessionQuery);
  const person = data?.person;
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => window.location.assign(routes.signIn()) });
  return (
    <>
      <PageHeader
        title="Account"
        meta={person && `${person.name}, ${person.email}`}
        actions={
          <>
            {person?.permissions.includes("people.manage") && (
              <Button asChild>
                <Link href={routes.people()}>People</Link>
              </Button>
            )}
            <Button onClick={() => leave.mutate()} disabled={leave.isPending}>
              Sign out
            </Button>
          </>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)_360px] items-start gap-4 max-tablet:grid-cols-1">
        <SessionsCard />
        <Card aria-labelledby="password">
          <CardHeader id="password" title="Password" />
          <CardBody>
            <PasswordForm />
          </CardBody>
        </Card>
      </div>
    </>
  );
}

function SessionsCard() {
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(sessionListQuery);
  const end = useMutation({
    mutationFn: endSession,
    onSettled: () => void client.invalidateQueries({ queryKey: sessionListQuery.queryKey }),
  });
  return (
    <Card aria-labelledby="sessions">
      <CardHeader id="sessions" title="Where you are signed in" meta="Unused for 7 days, or after 30, a session ends" />
      {data === undefined && error === null && <LoadingRows rows={2} rowHeightPx={52} />}
      {(error ?? end.error) !== null && <ErrorState problem={error ?? end.error} onRetry={() => void refetch()} />}
      <ul>
        {data?.sessions.map((session) => (
          <SessionRow key={session.id} session={session} isBusy={end.isPending} onEnd={() => end.mutate(session.id)} />
        ))}
      </ul>
    </Card>
  );
}

type SessionRowProps = { session: OpenSession; isBusy: boolean; onEnd: () => void };

function SessionRow({ session: { isThis, userAgent, address, seenAt, createdAt }, isBusy, onEnd }: SessionRowProps) {
  return (
    <li className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2 max-phone:px-3.5">
      <span className="min-w-0">
        <span className="font-[550]">{toDevice(userAgent)}</span> {isThis && <Chip>this browser</Chip>}
        <span className="block text-sm text-ink-3">
          {address === "" ? "" : `${address}, `}used <RelativeTime at={seenAt} />, signed in{" "}
          <RelativeTime at={createdAt} />
        </span>
      </span>
      {!isThis && (
        <Button size="sm" variant="danger" className="ml-auto" disabled={isBusy} onClick={onEnd}>
          End
        </Button>
      )}
    </li>
  );
}
