import type { ReactNode } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { formatBytes, formatCount } from "@/lib/format";
import type { ObjectDetail } from "../../contract";
import { WholeKey } from "../key-line";
import { LEFT_OUT_WORDS } from "../left-out-words";
import { ObjectSection } from "./object-section";

/** Size, checksums of both ends, what a manifest expected, and the chunk that holds it. */
export function ObjectFacts({ detail }: { detail: ObjectDetail }) {
  const { object, fingerprint, crc32, etag, reason, expected, chunk } = detail;
  return (
    <ObjectSection title="Facts">
      <dl className="grid grid-cols-[80px_minmax(0,1fr)] gap-x-2 gap-y-1">
        <Fact name="Size">
          {formatBytes(object.sizeBytes)}
          {object.sizeBytes >= 1000 && <span className="text-ink-3"> ({formatCount(object.sizeBytes)} B)</span>}
        </Fact>
        <Fact name="Source">
          {fingerprint === "" ? (
            "taken as it is when it is read"
          ) : (
            <span className="mono break-all">{fingerprint}</span>
          )}
        </Fact>
        <Fact name="CRC-32 sent">{crc32 === null ? <None /> : <span className="mono">{crc32}</span>}</Fact>
        <Fact name="ETag there">{etag === null ? <None /> : <span className="mono break-all">{etag}</span>}</Fact>
        {expected !== null &&
          Object.entries(expected).map(([name, value]) => (
            <Fact key={name} name={`Expected ${name}`}>
              <WholeKey value={String(value)} />
            </Fact>
          ))}
        {reason !== null && <Fact name="Left out">{LEFT_OUT_WORDS[reason] ?? reason}</Fact>}
        <Fact name="Chunk">
          {formatCount(object.chunkId + 1)}, {formatCount(chunk.objects)} objects
          {chunk.retries > 0 && `, ${formatCount(chunk.retries)} retries`}
          {chunk.isLeased && ", being worked on now"}
        </Fact>
        {detail.uploadStartedAt !== null && (
          <Fact name="In parts">
            upload begun <RelativeTime at={detail.uploadStartedAt} />
          </Fact>
        )}
      </dl>
    </ObjectSection>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}

const None = () => <span className="text-ink-3">not known yet</span>;
