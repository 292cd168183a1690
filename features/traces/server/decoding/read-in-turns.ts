import { type DecodedDocument, SPANS_PER_TURN } from "./decoded-document";
import type { JsonCursor } from "./json-cursor";

/*
 * Loops over JSON that is still arriving. They yield when more must come or when others should have their turn; each
 * step is tried again until all that it reads is there.
 */

/** Runs `read` once everything it reads has come. */
export function* whole(cursor: JsonCursor, read: () => void): Generator<void> {
  while (!cursor.attempt(read)) yield;
}

/** Whether the value that follows is of a kind. */
export function* isNext(cursor: JsonCursor, kind: "isObject" | "isArray"): Generator<void, boolean> {
  let is = false;
  yield* whole(cursor, () => {
    is = cursor[kind]();
  });
  return is;
}

/** Each field of the object that follows; `visit` must consume its value. */
export function* eachField(cursor: JsonCursor, visit: (key: string) => Generator<void>): Generator<void> {
  let key: string | undefined;
  yield* whole(cursor, () => cursor.openObject());
  for (;;) {
    yield* whole(cursor, () => {
      key = cursor.nextKey();
    });
    if (key === undefined) return;
    yield* visit(key);
  }
}

/** Each item of the array that follows; `visit` must consume it. */
export function* eachItem(cursor: JsonCursor, visit: () => Generator<void>): Generator<void> {
  let isThere = false;
  yield* whole(cursor, () => cursor.openArray());
  for (;;) {
    yield* whole(cursor, () => {
      isThere = cursor.nextItem();
    });
    if (!isThere) return;
    yield* visit();
  }
}

/** The same for many small items, which are read in one step each: a span costs no generator of its own. */
export function* eachWholeItem(cursor: JsonCursor, document: DecodedDocument, read: () => void): Generator<void> {
  let isThere = true;
  const readNext = () => {
    isThere = cursor.nextItem();
    if (isThere) read();
  };
  yield* whole(cursor, () => cursor.openArray());
  while (isThere) {
    if (!cursor.attempt(readNext) || document.spanCount % SPANS_PER_TURN === 0) yield;
  }
}
