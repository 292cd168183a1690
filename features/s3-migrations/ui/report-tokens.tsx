"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { ErrorState } from "@/components/states/error-state";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { ReportToken } from "../contract";
import { createTokenMutation, reportTokensQuery, revokeTokenMutation, s3MigrationKeys } from "../queries";

/** Tokens of this migration: made here, told once, taken back at once. */
export function ReportTokens({ externalRef }: { externalRef: string }) {
  const client = useQueryClient();
  const { data, error } = useQuery(reportTokensQuery(externalRef));
  const onSettled = () => void client.invalidateQueries({ queryKey: s3MigrationKeys.tokens(externalRef) });
  const create = useMutation({ ...createTokenMutation(), onSettled });
  const revoke = useMutation({ ...revokeTokenMutation(), onSettled });
  const problem = error ?? create.error ?? revoke.error;
  return (
    <section aria-label="Tokens" className="grid gap-1 border-t border-line pt-2">
      <p className="flex flex-wrap items-center justify-between gap-2">
        <span>
          Tokens for <span className="mono">{externalRef}</span>
        </span>
        <Button
          icon={<KeyRound aria-hidden />}
          disabled={create.isPending}
          onClick={() => create.mutate({ externalRef })}
        >
          New token for 30 days
        </Button>
      </p>
      {problem !== null && <ErrorState problem={problem} />}
      {create.data !== undefined && (
        <p className="flex min-w-0 flex-wrap items-center gap-2 text-ink">
          <code className="mono break-all">{create.data.token}</code>
          <CopyButton text={create.data.token} label="Copy the token" />
          <span className="text-warn">Shown this once.</span>
        </p>
      )}
      <ul className="grid gap-1">
        {data?.tokens.map((token) => (
          <TokenRow key={token.id} token={token} isBusy={revoke.isPending} onRevoke={() => revoke.mutate(token.id)} />
        ))}
      </ul>
    </section>
  );
}

function TokenRow({ token, isBusy, onRevoke }: { token: ReportToken; isBusy: boolean; onRevoke: () => void }) {
  const { id, label, createdBy, expiresAt, revokedAt, lastUsedAt } = token;
  return (
    <li className="flex flex-wrap items-center gap-x-2">
      <span className="mono">{id.slice(0, 8)}</span>
      {label !== "" && <span>{label}</span>}
      <span>by {createdBy}</span>
      <span>
        {lastUsedAt === null ? (
          "never used"
        ) : (
          <>
            last used <RelativeTime at={lastUsedAt} />
          </>
        )}
      </span>
      {revokedAt === null ? (
        <>
          <span>ends {expiresAt.slice(0, 10)}</span>
          <Button variant="danger" disabled={isBusy} onClick={onRevoke}>
            Revoke
          </Button>
        </>
      ) : (
        <span className="text-ink-3">revoked</span>
      )}
    </li>
  );
}
