"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { type ReactNode, useEffect, useRef } from "react";
import { useNow } from "@/components/hooks/use-now";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { routes } from "@/lib/routes";
import { findComponent, isDown, owedMs } from "../domain/component-health";
import { consoleKeys, healthQuery } from "../queries";

/** While the database is away every page says so: it is why most of what they ask is not answered. The overview leads with it. */
export function DatabaseBanner() {
  const { data, dataUpdatedAt } = useQuery(healthQuery);
  const nowMs = useNow();
  const isOverview = usePathname() === routes.overview();
  const isAway = isDown(data, "database");
  useAskedAgain(isAway);
  const owed = isAway ? undefined : owedMs({ health: data, heardAtMs: dataUpdatedAt, nowMs });
  if (owed !== undefined) return <LateNote ms={owed} />;
  if (isOverview || !isAway) return null;
  const { detail = "does not answer", since } = findComponent(data, "database") ?? {};
  return (
    <Banner
      tone="bad"
      headline={
        <>
          The database {detail}
          {since !== undefined && (
            <>
              {" "}
              (last answer <RelativeTime at={since} />)
            </>
          )}
          .
        </>
      }
    >
      What is on screen is from before; nothing newer can be read or saved until it is back.
    </Banner>
  );
}

/** Too early to call it away; a page that is empty says why it is. */
function LateNote({ ms }: { ms: number }) {
  return (
    <Banner
      tone="warn"
      headline={
        <>
          The database has not answered for <span aria-hidden>{`${Math.floor(ms / 1000)}\u202fs`}</span>
          <span className="sr-only">some seconds</span>.
        </>
      }
    >
      What is not on screen yet waits for it.
    </Banner>
  );
}

const GROUNDS = { bad: "bg-bad-soft", warn: "bg-warn-soft" };

function Banner({ tone, headline, children }: { tone: "bad" | "warn"; headline: ReactNode; children: ReactNode }) {
  return (
    <section
      aria-label="Database"
      className={`no-print flex min-h-9 flex-wrap items-center gap-x-2.5 border-b border-line px-5 py-1.5 text-sm max-phone:px-4 ${GROUNDS[tone]}`}
    >
      <p className="flex min-w-0 items-start gap-2.5" role="status">
        <StateGlyph tone={tone} className="mt-0.5" />
        <span className="min-w-0">
          <b className="font-[550]">{headline}</b> {children}
        </span>
      </p>
    </section>
  );
}

/** Whatever failed while the database was away is asked for again as soon as it is back: nobody has to try again by hand. */
function useAskedAgain(isAway: boolean): void {
  const client = useQueryClient();
  const wasAway = useRef(false);
  // Outside system: the server, whose database answers again.
  useEffect(() => {
    if (wasAway.current && !isAway) {
      void client.refetchQueries({ predicate: ({ state }) => state.status === "error" });
      // Nor does what the source did meanwhile count any longer: it reads from the same database where it is our own.
      void client.refetchQueries({ queryKey: consoleKeys.traceSource() });
    }
    wasAway.current = isAway;
  }, [client, isAway]);
}
