"use client";

import { Component, type ComponentType, lazy, type ReactNode, useState } from "react";
import { PartNotLoaded } from "./part-not-loaded";

/** The code of a part of a page did not come: the network failed, or a newer build has taken its place. */
class PartMissing extends Error {}

/**
 * A component whose code comes when it is first shown; stands in a `Suspense`. When its code does not come, a small note
 * with a way to try again stands in its place, and the page lives on.
 */
export function lazyPart<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  // React keeps what a lazy component failed with for ever: each try is a new one.
  const attempt = () =>
    lazy(() =>
      load().then(
        (part) => ({ default: part }),
        (cause: unknown) => {
          throw new PartMissing("A part of the page did not load.", { cause });
        },
      ),
    );
  let current = attempt();
  return function Part(props: P) {
    const [Loaded, setLoaded] = useState(() => current);
    const retry = () => {
      current = attempt();
      setLoaded(() => current);
    };
    return (
      <PartBoundary onRetry={retry}>
        <Loaded {...props} />
      </PartBoundary>
    );
  };
}

/** Fetches code ahead of its use. What does not come now is asked for again, and told of, where it is shown. */
export function preloadPart(load: () => Promise<unknown>): void {
  load().catch(() => {});
}

type BoundaryProps = { onRetry: () => void; children: ReactNode };

/** Holds up missing code only; what the part itself throws is for the page's own boundary. */
class PartBoundary extends Component<BoundaryProps, { error: unknown }> {
  override state = { error: undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    if (!((error as unknown) instanceof PartMissing)) throw error;
    const retry = () => {
      this.props.onRetry();
      this.setState({ error: undefined });
    };
    return <PartNotLoaded onRetry={retry} />;
  }
}
