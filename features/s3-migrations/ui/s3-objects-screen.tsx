"use client";

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useShortcuts } from "@/components/hooks/use-shortcuts";
import { PageHeader } from "@/components/shell/page-header";
import { ErrorState } from "@/components/states/error-state";
import { Card } from "@/components/ui/card";
import { classNames } from "@/components/ui/class-names";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import { type ObjectView, printObjectView, toObjectsFilter } from "../domain/object-view";
import { s3FailuresQuery, s3MigrationDetailQuery, s3ObjectsQuery } from "../queries";
import { ChunkStrip } from "./chunk-strip";
import { ObjectDrawer } from "./objects/object-drawer";
import { ObjectFilters } from "./objects/object-filters";
import { ObjectList } from "./objects/object-list";
import { useObjectView } from "./objects/use-object-view";
import { useMigrationCommand } from "./use-migration-command";

/** Every object of a migration by key: found, filtered, told in full, retried. */
export function S3ObjectsScreen({ id }: { id: string }) {
  const { view, change } = useObjectView();
  const migration = useQuery(s3MigrationDetailQuery(id));
  const snapshot = migration.data?.snapshot;
  const list = useInfiniteQuery(s3ObjectsQuery(id, toObjectsFilter(view)));
  const failures = useQuery({ ...s3FailuresQuery(id, { limit: 1 }), refetchInterval: 15_000 });
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const command = useMigrationCommand(id, snapshot?.commandVersion);
  const retry = (objectIds: number[]) => {
    command.send({ verb: "retry_failed", only: { objectIds } });
    setPicked(new Set());
  };
  const objects = list.data?.pages.flatMap((page) => page.objects) ?? [];
  const open = (object: number | undefined) => change({ object }, view.object === undefined ? "push" : "replace");
  useObjectKeys({ ids: objects.map(({ objectId }) => objectId), openId: view.object, onOpen: open });
  const canRetry = snapshot?.allowedVerbs.includes("retry_failed") === true && !command.isSending;
  const hrefOf = (object: number) =>
    routes.s3Objects(id, Object.fromEntries(Object.entries(printObjectView({ ...view, object })).filter(isSet)));
  const crumbs = [
    { label: "S3 migrations", href: routes.s3Migrations() },
    { label: snapshot?.name ?? id.slice(0, 8), href: routes.s3Migration(id) },
    { label: "Objects" },
  ];
  return (
    <>
      <PageHeader
        title="Objects"
        breadcrumb={crumbs}
        meta={snapshot === undefined ? undefined : <Meta objects={snapshot.inventory.objects} name={snapshot.name} />}
      />
      {command.error !== null && (
        <Card className="mb-3">
          <ErrorState problem={command.error} />
        </Card>
      )}
      <div
        className={classNames(
          "grid gap-3",
          view.object === undefined
            ? "grid-cols-[minmax(0,1fr)]"
            : "grid-cols-[minmax(0,1fr)_400px] max-desk:grid-cols-[minmax(0,1fr)]",
        )}
      >
        <Card aria-label="Objects by key" className="@container self-start">
          <InventoryMap id={id} onPick={(from) => change({ from })} />
          <ObjectFilters view={view} groups={failures.data?.groups ?? []} onChange={change} />
          <ObjectList
            list={list}
            view={view}
            total={snapshot?.inventory.objects}
            isSealed={snapshot === undefined || snapshot.inventory.sealedAt !== null}
            isReported={snapshot !== undefined && snapshot.reported !== null}
            picked={picked}
            canRetry={canRetry}
            hrefOf={hrefOf}
            onPicked={setPicked}
            onRetry={retry}
            onOpen={open}
            onClear={() =>
              change({ prefix: "", search: "", from: "", state: undefined, tier: undefined, cause: undefined })
            }
          />
        </Card>
        {view.object !== undefined && (
          <ObjectDrawer
            key={view.object}
            id={id}
            objectId={view.object}
            canRetry={canRetry}
            hrefOf={hrefOf}
            onRetry={(objectId) => retry([objectId])}
            onOpen={open}
            onClose={() => open(undefined)}
          />
        )}
      </div>
    </>
  );
}

const isSet = ([, value]: [string, string]): boolean => value !== "";

function Meta({ objects, name }: { objects: number; name: string }) {
  return (
    <>
      {formatCount(objects)} in the inventory of {name}
    </>
  );
}

/** The whole inventory as a map: a press goes to that part of it. */
function InventoryMap({ id, onPick }: { id: string; onPick: (key: string) => void }) {
  return (
    <div className="px-4 pt-3 pb-1 text-sm text-ink-3 max-phone:px-3.5">
      <ChunkStrip id={id} onPick={onPick} />
    </div>
  );
}

type KeysOptions = {
  ids: readonly number[];
  openId: ObjectView["object"];
  onOpen: (objectId: number | undefined) => void;
};

/** j and k walk through the objects, Escape closes, / types a prefix. */
function useObjectKeys({ ids, openId, onOpen }: KeysOptions): void {
  const step = (by: number) => {
    const at = openId === undefined ? -1 : ids.indexOf(openId);
    const next = ids[at === -1 ? 0 : Math.min(ids.length - 1, Math.max(0, at + by))];
    if (next !== undefined) onOpen(next);
  };
  useShortcuts({
    j: () => step(1),
    k: () => step(-1),
    Escape: () => {
      if (openId !== undefined) onOpen(undefined);
    },
    "/": () => document.getElementById("object-prefix")?.focus(),
  });
}
