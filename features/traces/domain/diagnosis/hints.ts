/** What a skeleton's columns leave out and a diagnosis can use. */
export type Hints = {
  /** Rows that say they were sent again (`http.request.resend_count`). */
  resentRows?: ReadonlySet<number>;
  /** Row of a consumer → row of the span of this trace its link points to. */
  producerOfRow?: ReadonlyMap<number, number>;
};
