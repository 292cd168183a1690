"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { usePathname } from "next/navigation";
import { useEffect, useRef } from "react";
import { RelativeTime } from "@/components/ui/relative-time";
import { StateGlyph } from "@/components/ui/state-glyph";
import { routes } from "@/lib/routes";
import { findComponent, isDown } from "../domain/component-health";
import { healthQuery } from "../queries";

/** While the database is away every page says so: it is why most of what they ask is not answered. The overview leads with it. */
export function DatabaseBanner() {
  const { data } = useQuery(healthQuery);
  const isOverview = usePathname() === routes.overview();
  const isAway = isDown(data, "database");
  useAskedAgain(isAway);
  if (isOverview || !isAway) return null;
  const { detail = "does not answer", since } = findComponent(data, "database") ?? {};
  return (
    <section
      aria-label="Database"
      className="no-print flex min-h-9 flex-wrap items-center gap-x-2.5 border-b border-line bg-bad-soft px-5 py-1.5 text-sm max-phone:px-4"
    >
      <p className="flex min-w-0 items-start gap-2.5" role="status">
        <StateGlyph tone="bad" className="mt-0.5" />
        <span className="min-w-0">
          <b className="font-[550]">
            The database {detail}
            {since !== undefined && (
              <>
                {" "}
                (last answer <RelativeTime at={since} />)
              </>
            )}
            .
          </b>{" "}
          What is on screen is from before; nothing newer can be read or saved until it is back.
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
    }
    wasAway.current = isAway;
  }, [client, isAway]);
}
