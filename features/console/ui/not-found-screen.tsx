"use client";

import { lazy } from "react";

// Every page carries the root's not-found page along: with the frame in it, each would load the frame twice (23 kB).
const FramedNotFound = lazy(() => import("./framed-not-found").then((module) => ({ default: module.FramedNotFound })));

/** The not-found page of an address outside every section. */
export function NotFoundScreen() {
  return <FramedNotFound />;
}
