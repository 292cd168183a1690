"use client";

import { Bookmark, Radio, RefreshCw } from "lucide-react";
import { Suspense, useState } from "react";
import { Button } from "@/components/ui/button";
import { lazyPart } from "@/components/ui/lazy-part";
import { UploadButton } from "../upload-button";
import type { Found } from "./use-found";
import type { SearchAddress } from "./use-search-view";

const SavedSearches = lazyPart(() => import("./saved-searches").then((module) => module.SavedSearches));

/** What to do with a search: follow it live, ask again, keep it, look at a file instead. */
export function SearchActions({ address, found }: { address: SearchAddress; found: Found }) {
  const { view, change } = address;
  const [isSavedOpen, setSavedOpen] = useState(false);
  return (
    <>
      <Button
        aria-pressed={view.isLive}
        className={view.isLive ? "border-accent text-accent" : ""}
        icon={<Radio aria-hidden />}
        onClick={() => change({ isLive: !view.isLive, ...(view.isLive ? {} : { rank: "newest" }) })}
        size="sm"
        title="Show new traces as they come, every 2 s"
      >
        Live
      </Button>
      <Button aria-busy={found.isFetching} icon={<RefreshCw aria-hidden />} onClick={found.refresh} size="sm">
        <span className="max-phone:sr-only">Refresh</span>
      </Button>
      <Button aria-haspopup="dialog" icon={<Bookmark aria-hidden />} onClick={() => setSavedOpen(true)} size="sm">
        <span className="max-phone:sr-only">Saved</span>
      </Button>
      <UploadButton />
      {isSavedOpen && (
        <Suspense>
          <SavedSearches address={address} onClose={() => setSavedOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
