import Link from "next/link";
import { Card, CardHeader } from "@/components/ui/card";
import { routes } from "@/lib/routes";
import type { CompareReply } from "../../contract";

type ExamplePairsProps = { reply: CompareReply; names: { before: string; after: string } };

/** Requests nearest the median of each side, to look at one beside the other. */
export function ExamplePairs({ reply, names }: ExamplePairsProps) {
  const pairs = reply.before.exemplars.flatMap((before, at) => {
    const after = reply.after.exemplars[at];
    return after === undefined || after === before ? [] : [{ before, after }];
  });
  const isPair = reply.before.seenCount === 1 && reply.after.seenCount === 1;
  if (pairs.length === 0) return null;
  return (
    <Card aria-labelledby="examples" className="overflow-clip">
      <CardHeader
        id="examples"
        meta="those nearest the median of each side"
        title={isPair ? "The two traces" : "Typical requests"}
      />
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="h-7 text-xs text-ink-3 [&>th]:border-y [&>th]:border-line [&>th]:px-4 [&>th]:text-left [&>th]:font-medium">
            <th scope="col">{names.before}</th>
            <th scope="col">{names.after}</th>
            <th scope="col">
              <span className="sr-only">Both</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ before, after }) => (
            <tr className="h-[26px] border-b border-grid last:border-0 touch:h-11 [&>td]:px-4" key={before}>
              <td>
                <TraceLink id={before} />
              </td>
              <td>
                <TraceLink id={after} />
              </td>
              <td className="text-right">
                {!isPair && (
                  <Link
                    className="link whitespace-nowrap touch:inline-flex touch:min-h-11 touch:items-center"
                    href={routes.compare({ a: before, b: after })}
                    prefetch={false}
                  >
                    Side by side
                    <span className="sr-only">
                      : {before.slice(0, 8)} and {after.slice(0, 8)}
                    </span>
                  </Link>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}

function TraceLink({ id }: { id: string }) {
  return (
    <Link
      className="link mono touch:inline-flex touch:min-h-11 touch:items-center"
      href={routes.trace(id)}
      prefetch={false}
    >
      {id.replace(/^upload-/, "").slice(0, 12)}
    </Link>
  );
}
