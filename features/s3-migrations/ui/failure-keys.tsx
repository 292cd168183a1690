"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { formatBytes, formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { FailuresReply } from "../contract";
import { printCause } from "../domain/object-view";
import { shownKey } from "../domain/shown-key";
import { s3FailurePagesQuery } from "../queries";
import { KeyLine } from "./key-line";

/** One cause and what failed for it. */
export type FailureGroup = FailuresReply["groups"][number];
type Failure = FailuresReply["failures"][number];
type FailureKeysProps = {
  id: string;
  group: FailureGroup;
  /** Its objects may be picked, to be retried. */
  isPickable: boolean;
  canRetry: boolean;
  onRetry: (objectIds: number[]) => void;
};

/** The objects of one cause, page by page, to read or to pick. */
export function FailureKeys({ id, group, isPickable, canRetry, onRetry }: FailureKeysProps) {
  const { state, errorClass, code } = group;
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const list = useInfiniteQuery(s3FailurePagesQuery(id, { state, errorClass, code }));
  if (list.data === undefined) {
    return list.error === null ? <LoadingRows rows={3} /> : <ErrorState problem={list.error} />;
  }
  const failures = list.data.pages.flatMap((page) => page.failures);
  const ids = failures.map(({ objectId }) => objectId);
  const chosen = ids.filter((objectId) => picked.has(objectId));
  const isAll = chosen.length === ids.length;
  const toggle = (objectId: number) => {
    const next = new Set(picked);
    if (!next.delete(objectId)) next.add(objectId);
    setPicked(next);
  };
  return (
    <div className="mt-2 border-t border-line">
      {isPickable && (
        <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line">
          <label className="flex min-h-6 cursor-pointer items-center gap-2 text-sm text-ink-2 touch:min-h-11">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={isAll}
              onChange={() => setPicked(new Set(isAll ? [] : ids))}
            />
            All {formatCount(ids.length)} shown
          </label>
          <Button
            size="sm"
            disabled={!canRetry || chosen.length === 0}
            icon={<RotateCcw aria-hidden />}
            onClick={() => {
              onRetry(chosen);
              setPicked(new Set());
            }}
          >
            {chosen.length === 0 ? "Retry those picked" : `Retry ${formatCount(chosen.length)} picked`}
          </Button>
        </div>
      )}
      <ul>
        {failures.map((failure) => (
          <KeyItem
            key={failure.objectId}
            failure={failure}
            href={isPickable ? hrefOf(id, group, failure) : undefined}
            pick={isPickable ? { isPicked: picked.has(failure.objectId), toggle } : undefined}
          />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button size="sm" variant="ghost" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more of {formatCount(group.objects)}
        </Button>
      )}
    </div>
  );
}

const hrefOf = (id: string, { errorClass, code }: FailureGroup, { objectId }: Failure) =>
  routes.s3Objects(id, { cause: printCause({ errorClass, code }), object: objectId });

type KeyItemProps = {
  failure: Failure;
  href: ReturnType<typeof hrefOf> | undefined;
  pick: { isPicked: boolean; toggle: (objectId: number) => void } | undefined;
};

function KeyItem({ failure, href, pick }: KeyItemProps) {
  const { objectId, key, sizeBytes, attempts, httpStatus, message } = failure;
  return (
    <li className="flex items-start gap-x-2.5 border-b border-line py-1.5 text-sm last:border-0">
      {pick !== undefined && (
        <label className="-m-1 grid size-6 shrink-0 cursor-pointer place-items-center touch:-my-2 touch:size-11">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={pick.isPicked}
            onChange={() => pick.toggle(objectId)}
            aria-label={`Pick ${key}`}
          />
        </label>
      )}
      <div className="min-w-0 grow">
        <div className="flex flex-wrap gap-x-3">
          <span className="min-w-0 grow basis-60">
            {href === undefined ? (
              <KeyLine value={key} />
            ) : (
              <Link className="block min-w-0 rounded-sm no-underline hover:underline" href={href}>
                <KeyLine value={key} />
              </Link>
            )}
          </span>
          <span className="text-ink-3 tabular-nums">{formatBytes(sizeBytes)}</span>
          <span className="text-ink-3 tabular-nums">
            {formatCount(attempts)} {attempts === 1 ? "try" : "tries"}
          </span>
          {httpStatus !== null && <span className="text-ink-3 tabular-nums">HTTP {httpStatus}</span>}
        </div>
        {message !== "" && <p className="text-ink-2 [overflow-wrap:anywhere]">{shownKey(message)}</p>}
      </div>
    </li>
  );
}
