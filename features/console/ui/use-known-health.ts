"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Health } from "@/lib/console-contract";
import { consoleKeys } from "../queries";

/**
 * Puts what the server knew when it made the page where the answers of `/api/health` come to: a browser has six
 * connections, and while the database hangs the page's other questions hold them all.
 */
export function useKnownHealth(health: Health | undefined): void {
  const client = useQueryClient();
  // Outside system: the server. After the first paint, so that both sides draw the same one.
  useEffect(() => {
    if (health !== undefined) client.setQueryData(consoleKeys.health(), (heard: Health | undefined) => heard ?? health);
  }, [client, health]);
}
