"use client";

import { useQuery } from "@tanstack/react-query";
import { Skeleton } from "@/components/ui/skeleton";
import { formatCount } from "@/lib/format";
import type { ChunksReply } from "../contract";
import { s3ChunksQuery } from "../queries";

type Bucket = ChunksReply["buckets"][number];

const BUCKETS = 132;
const WIDTH = 8;
const HEIGHT = 34;
const TOP = 7;

/**
 * The whole inventory in key order, one bar per run of chunks: proven, copied, waiting; leases outlined, failures marked.
 * With `onPick` a press gives the first key of a bar; whoever cannot press it can type the key.
 */
export function ChunkStrip({ id, onPick }: { id: string; onPick?: (key: string) => void }) {
  const { data, isError } = useQuery(s3ChunksQuery(id, BUCKETS));
  if (data === undefined) return isError ? <p>not available</p> : <Skeleton className="h-12 w-full" />;
  if (data.buckets.length === 0) return <p className="h-12 pt-4">no chunks yet</p>;
  const total = data.buckets.length * WIDTH;
  return (
    <div>
      <svg
        role="img"
        aria-label={describe(data)}
        viewBox={`0 0 ${total} ${HEIGHT + TOP}`}
        preserveAspectRatio="none"
        className="block h-12 w-full overflow-visible"
      >
        {data.buckets.map((bucket, at) => (
          <Bar key={bucket.firstChunk} bucket={bucket} x={at * WIDTH} onPick={onPick} />
        ))}
      </svg>
      <p className="flex justify-between text-[10.5px]/4">
        <span>{formatCount((data.buckets[0]?.firstChunk ?? 0) + 1)}</span>
        <span>in key order</span>
        <span>{formatCount(data.chunks)}</span>
      </p>
    </div>
  );
}

function describe({ chunks, buckets }: ChunksReply): string {
  const sum = (of: (bucket: Bucket) => number) => formatCount(buckets.reduce((all, bucket) => all + of(bucket), 0));
  return `${formatCount(chunks)} chunks in key order: ${sum((b) => b.proven)} objects proven, ${sum((b) => b.copied)} copied, ${sum((b) => b.waiting)} waiting, ${sum((b) => b.problems)} to decide; ${sum((b) => b.leases)} chunks at work`;
}

type BarProps = { bucket: Bucket; x: number; onPick: ((key: string) => void) | undefined };

function Bar({ bucket, x, onPick }: BarProps) {
  const scale = bucket.objects === 0 ? 0 : HEIGHT / bucket.objects;
  const [proven, copied, missing] = [bucket.proven * scale, bucket.copied * scale, bucket.missing * scale];
  const bottom = TOP + HEIGHT;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a short way for the mouse; the filter beside it takes any key
    <g
      className={onPick === undefined ? undefined : "cursor-pointer hover:opacity-70"}
      onClick={onPick === undefined ? undefined : () => onPick(bucket.firstKey)}
    >
      <title>{`Chunks ${bucket.firstChunk + 1} to ${bucket.lastChunk + 1}: ${bucket.firstKey} … ${bucket.lastKey}`}</title>
      <rect x={x + 0.6} y={TOP} width={WIDTH - 1.2} height={HEIGHT} fill="var(--sunken)" />
      <rect x={x + 0.6} y={bottom - proven} width={WIDTH - 1.2} height={proven} fill="var(--ok)" />
      <rect
        x={x + 0.6}
        y={bottom - proven - copied}
        width={WIDTH - 1.2}
        height={copied}
        fill="color-mix(in srgb, var(--ok) 58%, var(--surface))"
      />
      <rect
        x={x + 0.6}
        y={bottom - proven - copied - missing}
        width={WIDTH - 1.2}
        height={missing}
        fill="var(--stale)"
      />
      {bucket.leases > 0 && (
        <rect
          x={x + 0.6}
          y={TOP + 0.5}
          width={WIDTH - 1.2}
          height={HEIGHT - 1}
          fill="none"
          stroke="var(--running)"
          strokeWidth="1.5"
          vectorEffect="non-scaling-stroke"
        />
      )}
      {bucket.problems > 0 && <path d={`M${x + 1} 0h${WIDTH - 2}l${-(WIDTH - 2) / 2} 5z`} fill="var(--bad)" />}
    </g>
  );
}
