/*
 * Roles of a grid whose rows are placed one by one: `<tr>` and `<td>` cannot leave the table's own layout. Focus stays on
 * the grid, which names the active row; nothing inside is a tab stop.
 */
export const CELL_ROLE = { role: "gridcell", tabIndex: -1 } as const;
/** A cell whose content is drawn and says nothing by itself. */
export const drawnCell = (label: string) => ({ ...CELL_ROLE, "aria-label": label, title: label }) as const;
export const HEAD_ROLE = { role: "columnheader", tabIndex: -1 } as const;
/** The row of column names, which is row 1 of every grid. */
export const HEAD_ROW = { role: "row", tabIndex: -1, "aria-rowindex": 1 } as const;

/** A row of a grid; `index` counts from 0 among the rows below the names. */
export function gridRow({ index, isSelected }: { index: number; isSelected: boolean }) {
  return { role: "row", tabIndex: -1, "aria-rowindex": index + 2, "aria-selected": isSelected } as const;
}

/** A grid in which nothing can be chosen. */
export const plainGrid = (label: string, rows: number) =>
  ({ role: "grid", tabIndex: -1, "aria-readonly": true, "aria-label": label, "aria-rowcount": rows }) as const;
/** A row of it; `index` counts from 0. */
export const plainRow = (index: number) => ({ role: "row", tabIndex: -1, "aria-rowindex": index + 1 }) as const;

export type TreePlace = {
  level: number;
  /** Among its siblings, from 0, and how many they are; left to the browser where all of them are on the page. */
  position?: number;
  setSize?: number;
  /** Undefined where nothing is below. */
  isExpanded: boolean | undefined;
};

/** A row of a tree grid. */
export function treeRow({ index, isSelected, ...place }: { index: number; isSelected: boolean } & TreePlace) {
  return {
    ...gridRow({ index, isSelected }),
    "aria-level": place.level + 1,
    "aria-posinset": place.position === undefined ? undefined : place.position + 1,
    "aria-setsize": place.setSize,
    "aria-expanded": place.isExpanded,
  } as const;
}

/** What holds the rows below the names. */
export const GROUP_ROLE = { role: "rowgroup" } as const;

/** A column name that says how the grid is sorted by it. */
export function sortableHead(sort: "ascending" | "descending" | undefined) {
  return { ...HEAD_ROLE, "aria-sort": sort ?? "none" } as const;
}
