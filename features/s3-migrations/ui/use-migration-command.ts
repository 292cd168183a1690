"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { S3Command, S3MigrationSnapshot } from "../contract";
import { s3CommandMutation, s3MigrationKeys } from "../queries";

export type CommandInput = Pick<S3Command, "verb" | "only" | "reason" | "planHash" | "configure">;

/** Sends commands as the person who sees this snapshot: what somebody else did meanwhile is not run over. */
export function useMigrationCommand(
  id: string,
  commandVersion: number | undefined,
  onAnswer?: (snapshot: S3MigrationSnapshot) => void,
) {
  const client = useQueryClient();
  const command = useMutation({
    ...s3CommandMutation(id),
    onSuccess: (next) => {
      onAnswer?.(next);
      void client.invalidateQueries({ queryKey: s3MigrationKeys.detail(id) });
    },
  });
  const send = (input: CommandInput) =>
    command.mutate({
      ...input,
      idempotencyKey: newKey(),
      ...(commandVersion !== undefined && { expectedVersion: commandVersion }),
    });
  return { send, isSending: command.isPending, error: command.error, isDone: command.isSuccess };
}

/** Names one press of a button. `crypto.randomUUID` is missing where the console is served without TLS. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
