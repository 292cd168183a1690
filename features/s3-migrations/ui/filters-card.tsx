"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { DraftField, type FormProps } from "./draft-field";
import type { Draft } from "./migration-draft";

/** Which objects are meant; the others stay in the books with the reason. */
export function FiltersCard(props: FormProps) {
  const set = filtersSet(props.draft);
  const [isOpen, setOpen] = useState(false);
  return (
    <Card aria-labelledby="filters">
      <CardHeader
        id="filters"
        title="Filters"
        meta={set === 0 ? "every object" : `${set} set; what is left out is listed with its reason`}
        actions={
          <Button size="sm" variant="ghost" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? "Hide filters" : "Set filters"}
          </Button>
        }
      />
      {isOpen && (
        <CardBody className="grid grid-cols-2 gap-3 max-phone:grid-cols-1">
          <DraftField
            {...props}
            name="include"
            path="options.filters.include"
            label="Include"
            type="area"
            hint="A pattern a line: uploads/**, **/*.png. Empty = every key."
          />
          <DraftField
            {...props}
            name="exclude"
            path="options.filters.exclude"
            label="Exclude"
            type="area"
            hint="Wins over include: **/thumb_*"
          />
          <DraftField {...props} name="minBytes" path="options.filters.minBytes" label="Smallest, in bytes" />
          <DraftField {...props} name="maxBytes" path="options.filters.maxBytes" label="Largest, in bytes" />
          <DraftField
            {...props}
            name="modifiedAfter"
            path="options.filters.modifiedAfter"
            label="Changed from"
            type="datetime-local"
            isMono={false}
          />
          <DraftField
            {...props}
            name="modifiedBefore"
            path="options.filters.modifiedBefore"
            label="Changed before"
            type="datetime-local"
            isMono={false}
          />
        </CardBody>
      )}
    </Card>
  );
}

/** How many filters are set. */
export function filtersSet(draft: Draft): number {
  const { include, exclude, minBytes, maxBytes, modifiedAfter, modifiedBefore } = draft;
  return [include, exclude, minBytes, maxBytes, modifiedAfter, modifiedBefore].filter((text) => text.trim() !== "")
    .length;
}
