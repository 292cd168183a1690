"use client";

import { useQuery } from "@tanstack/react-query";
import { RotateCcw, X } from "lucide-react";
import Link from "next/link";
import { ErrorState } from "@/components/states/error-state";
import { LoadingRows } from "@/components/states/loading-rows";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { CopyButton } from "@/components/ui/copy-button";
import { IconButton } from "@/components/ui/icon-button";
import { formatCount } from "@/lib/format";
import { routes } from "@/lib/routes";
import type { ObjectDetail } from "../../contract";
import { adviceFor } from "../../domain/cause-advice";
import { shownKey, splitKey } from "../../domain/shown-key";
import { s3ObjectQuery } from "../../queries";
import { EvidenceLadder } from "../evidence-ladder";
import { WholeKey } from "../key-line";
import { ERROR_CLASS_WORDS } from "../migration-words";
import { ObjectFacts } from "./object-facts";
import { ObjectHistory } from "./object-history";
import { ObjectSection } from "./object-section";
import { OBJECT_WORDS, TIER_WORDS } from "./object-words";

type ObjectDrawerProps = {
  id: string;
  objectId: number;
  /** A command of the kind would be followed now. */
  canRetry: boolean;
  hrefOf: (objectId: number) => string;
  onRetry: (objectId: number) => void;
  onOpen: (objectId: number) => void;
  onClose: () => void;
};

/** Everything known of one object: beside the list, or a sheet from below where there is no room. */
export function ObjectDrawer(props: ObjectDrawerProps) {
  const { data, error, refetch } = useQuery(s3ObjectQuery(props.id, props.objectId));
  const shown = data === undefined ? undefined : shownKey(data.object.key);
  return (
    <aside
      aria-label="Object"
      className="sticky top-[58px] max-h-[calc(100dvh-68px)] min-w-0 self-start overflow-auto rounded-lg border border-line bg-surface shadow-card max-desk:fixed max-desk:inset-x-0 max-desk:top-auto max-desk:bottom-0 max-desk:z-40 max-desk:max-h-[70dvh] max-desk:rounded-b-none max-desk:rounded-t-xl max-desk:shadow-raised max-phone:bottom-[calc(60px+env(safe-area-inset-bottom))]"
    >
      <header className="sticky top-0 z-[2] flex items-center gap-2 border-b border-line bg-surface px-4 py-2">
        <h2 className="min-w-0 grow text-lg [overflow-wrap:anywhere]">
          <bdi>{shown === undefined ? `Object ${formatCount(props.objectId)}` : splitKey(shown).file || shown}</bdi>
        </h2>
        <IconButton label="Close (Esc)" onClick={props.onClose}>
          <X aria-hidden />
        </IconButton>
      </header>
      {data === undefined && error === null && <LoadingRows rows={9} rowHeightPx={30} />}
      {data === undefined && error !== null && <ErrorState problem={error} onRetry={() => void refetch()} />}
      {data !== undefined && <Body {...props} detail={data} />}
    </aside>
  );
}

function Body({ detail, ...props }: ObjectDrawerProps & { detail: ObjectDetail }) {
  const { object, failure } = detail;
  return (
    <div className="grid gap-4 px-4 py-3 text-md">
      <div className="flex flex-wrap items-center gap-2">
        <Chip tone={OBJECT_WORDS[object.state].tone}>{OBJECT_WORDS[object.state].label}</Chip>
        {object.tier !== null && (
          <span className="inline-flex items-center gap-1.5 text-sm text-ink-2">
            <EvidenceLadder bars={TIER_WORDS[object.tier].bars} />
            {TIER_WORDS[object.tier].label}, {TIER_WORDS[object.tier].note}
          </span>
        )}
      </div>
      {failure !== null && <Failure failure={failure} {...props} />}
      <ObjectSection title="Keys">
        <KeyRow name="Source" value={object.key} />
        <KeyRow name="Destination" value={object.destinationKey} />
      </ObjectSection>
      <ObjectFacts detail={detail} />
      <ObjectHistory detail={detail} hrefOf={props.hrefOf} onOpen={props.onOpen} />
      <ObjectSection title="Trace">
        <p className="text-ink-2">
          Its chunk is worked on in spans of <span className="mono">{detail.spans.service}</span>.
        </p>
        <Link
          className="link inline-flex min-h-6 items-center justify-self-start touch:min-h-11"
          href={tracesOf(detail)}
        >
          Traces of chunk {formatCount(object.chunkId + 1)}
        </Link>
      </ObjectSection>
    </div>
  );
}

/** The console's own spans of the chunk's work, from a little before the listing until now. */
function tracesOf({ spans: { attributes }, listedAt }: ObjectDetail) {
  const q = Object.entries(attributes)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  const from = listedAt === null ? {} : { from: Date.parse(listedAt) - 60_000, to: Date.now() };
  return routes.traces({ q, own: 1, in: "spans", ...from });
}

type FailureProps = Pick<ObjectDrawerProps, "objectId" | "canRetry" | "onRetry"> & {
  failure: NonNullable<ObjectDetail["failure"]>;
};

function Failure({ failure, objectId, canRetry, onRetry }: FailureProps) {
  const { errorClass, code, httpStatus, requestId, message } = failure;
  const advice = adviceFor(errorClass, code);
  return (
    <div className="rounded-md border border-bad/40 bg-bad-soft px-3 py-2.5">
      <p className="font-semibold">{ERROR_CLASS_WORDS[errorClass]}</p>
      <p className="mt-0.5 text-sm text-ink-2">
        <span className="mono">{code}</span>
        {httpStatus !== null && `, HTTP ${httpStatus}`}
        {requestId !== null && (
          <>
            , request <span className="mono break-all">{requestId}</span>
          </>
        )}
      </p>
      <p className="mt-1.5 [overflow-wrap:anywhere]">{shownKey(message)}</p>
      <p className="mt-1.5 text-ink-2">
        {advice.likely} {advice.fix}
      </p>
      {advice.isRetryUseful && (
        <Button
          size="sm"
          className="mt-2"
          disabled={!canRetry}
          icon={<RotateCcw aria-hidden />}
          onClick={() => onRetry(objectId)}
        >
          Retry this object
        </Button>
      )}
    </div>
  );
}

function KeyRow({ name, value }: { name: string; value: string }) {
  return (
    <div className="flex items-start gap-2">
      <span className="w-20 shrink-0 pt-0.5 text-sm text-ink-3">{name}</span>
      <WholeKey value={value} className="grow pt-0.5" />
      <CopyButton text={value} label={`the ${name.toLowerCase()} key`} iconOnly />
    </div>
  );
}
