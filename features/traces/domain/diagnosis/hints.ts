/** What a skeleton's columns leave out and a diagnosis can use. */
export type Hints = {
  /** Rows that say they were sent again (`http.request.resend_count`). */
  resentRows?: ReadonlySet<number>;
  /** Row of a consumer → row of the span of this trace its link points to. */
  producerOfRow?: ReadonlyMap<number, number>;
  /** Rows that say they receive messages (`messaging.operation.type`), which is waiting for them too. */
  receivingRows?: ReadonlySet<number>;
  /** Rows that say they send events as long as somebody listens (`text/event-stream`). */
  streamingRows?: ReadonlySet<number>;
  /** Rows that say they were answered without content (204). */
  emptyRows?: ReadonlySet<number>;
  /** Calls that were not answered as asked, whatever their spans' status: 408, 429, 5xx, or sent elsewhere (3xx). */
  refusedRows?: ReadonlySet<number>;
  /** Rows that were sent with an end before their start. */
  backwardsRows?: readonly number[];
  /** What a row's span says of its failure: the exception's type and message, else its status. */
  errorOf?: (row: number) => string | undefined;
  /** What a row's span noted while it ran, microseconds after the trace's start. */
  eventsOf?: (row: number) => readonly { name: string; atUs: number }[];
};
