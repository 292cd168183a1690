import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { formatBytes, formatCount } from "@/lib/format";
import type { PlanFacts } from "../contract";
import { SIZE_CLASSES_BYTES } from "../domain/plan-facts";
import { LEFT_OUT_WORDS } from "./left-out-words";

/** What the inventory looks like: sizes, kinds, places, what collides and what was left out. */
export function PlanShape({ facts }: { facts: PlanFacts }) {
  const { extensions, prefixes, counts } = facts;
  return (
    <Card aria-labelledby="shape">
      <CardHeader id="shape" title="What it is made of" meta={`${formatBytes(counts.toCopy.bytes)} to copy`} />
      <CardBody className="grid gap-4">
        <Sizes histogram={facts.histogram} />
        <div className="grid grid-cols-2 gap-4 max-phone:grid-cols-1">
          <Shares title="By extension" shares={extensions} empty="(none)" />
          <Shares title="By first directory" shares={prefixes} empty="(root)" />
        </div>
        {counts.leftOut.length > 0 && (
          <Shares
            title="Left out"
            shares={counts.leftOut.map((share) => ({ ...share, name: LEFT_OUT_WORDS[share.name] ?? share.name }))}
            empty=""
          />
        )}
        <Alike facts={facts} />
      </CardBody>
    </Card>
  );
}

function classLabel(at: number): string {
  const [from, to] = [SIZE_CLASSES_BYTES[at - 1], SIZE_CLASSES_BYTES[at]];
  if (from === undefined) return "empty";
  return to === undefined ? `${formatBytes(from)} and more` : `under ${formatBytes(to)}`;
}

function Sizes({ histogram }: { histogram: PlanFacts["histogram"] }) {
  const most = Math.max(1, ...histogram.map(({ objects }) => objects));
  const first = histogram.findIndex(({ objects }) => objects > 0);
  const last = histogram.findLastIndex(({ objects }) => objects > 0);
  if (first === -1) return <p className="text-sm text-ink-3">Nothing is to be copied.</p>;
  return (
    <table className="w-full text-sm">
      <caption className="mb-1 text-left font-medium text-ink-2">Sizes</caption>
      <thead className="sr-only">
        <tr>
          <th scope="col">Size</th>
          <th scope="col">Objects</th>
          <th scope="col">Bytes</th>
        </tr>
      </thead>
      <tbody>
        {histogram.slice(first, last + 1).map(({ objects, bytes }, index) => (
          <tr key={classLabel(first + index)}>
            <th scope="row" className="w-px py-0.5 pr-3 text-left font-normal whitespace-nowrap text-ink-3">
              {classLabel(first + index)}
            </th>
            <td className="py-0.5">
              <span className="flex items-center gap-2">
                <span
                  aria-hidden
                  className="h-3 rounded-xs bg-s1"
                  style={{ width: `${(objects / most) * 60}%`, minWidth: objects > 0 ? "2.5px" : 0 }}
                />
                <span className="tabular-nums">{formatCount(objects)}</span>
              </span>
            </td>
            <td className="py-0.5 text-right whitespace-nowrap tabular-nums text-ink-3">{formatBytes(bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Shares({ title, shares, empty }: { title: string; shares: PlanFacts["extensions"]; empty: string }) {
  return (
    <section className="min-w-0">
      <h3 className="text-sm font-medium text-ink-2">{title}</h3>
      <ul className="mt-1 text-sm">
        {shares.slice(0, 6).map(({ name, objects, bytes }) => (
          <li key={name} className="flex gap-3 py-0.5">
            <span className="mono min-w-0 grow truncate" title={name}>
              {name === "" ? empty : name}
            </span>
            <span className="tabular-nums">{formatCount(objects)}</span>
            <span className="w-16 text-right tabular-nums text-ink-3">{formatBytes(bytes)}</span>
          </li>
        ))}
        {shares.length > 6 && <li className="text-ink-3">and {shares.length - 6} more</li>}
      </ul>
    </section>
  );
}

function Alike({ facts: { collisions, twins } }: { facts: PlanFacts }) {
  if (collisions.keys === 0 && twins.groups === 0) return null;
  return (
    <section className="min-w-0 text-sm">
      {collisions.keys > 0 && (
        <>
          <h3 className="font-medium text-bad">
            {collisions.keys === 1 ? "1 key" : `${formatCount(collisions.keys)} keys`} with two or more sources
          </h3>
          <ul className="mt-1 grid gap-1.5">
            {collisions.examples.slice(0, 5).map(({ destinationKey, sourceKeys }) => (
              <li key={destinationKey} className="mono min-w-0 break-all">
                {sourceKeys.slice(0, 3).join(", ")} → {destinationKey}
              </li>
            ))}
          </ul>
        </>
      )}
      {twins.groups > 0 && (
        <>
          <h3 className="mt-1 font-medium text-warn">
            {twins.groups === 1 ? "1 group" : `${formatCount(twins.groups)} groups`} of keys that look alike
          </h3>
          <ul className="mt-1 grid gap-1.5">
            {twins.examples.slice(0, 5).map(({ kind, keys }) => (
              <li key={keys.join("\n")} className="min-w-0">
                <span className="text-ink-3">{kind === "case" ? "letters' case: " : "Unicode form: "}</span>
                <span className="mono break-all">{keys.join(", ")}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
