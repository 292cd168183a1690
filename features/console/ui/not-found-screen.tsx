"use client";

import { lazyPart } from "@/components/ui/lazy-part";

// Every page carries the root's not-found page along: with the frame in it, each would load the frame twice (23 kB).
const FramedNotFound = lazyPart(() => import("./framed-not-found").then((module) => module.FramedNotFound));

/** The not-found page of an address outside every section. */
export function NotFoundScreen() {
  return <FramedNotFound />;
}
