import { EMPTY_SPAN_NAME } from "./decode-span";
import { WireReader } from "./wire-reader";

/** The few facts of a span that summaries and call counts need; ids as latin-1 text, good only as map keys. */
export type SpanHead = {
  spanId: string;
  /** Empty for a span without a parent. */
  parentId: string;
  name: string;
  startNs: bigint;
  endNs: bigint;
  isError: boolean;
};

/** Reads a stored span's head and moves past everything else. */
export function readSpanHead(bytes: Buffer): SpanHead {
  const reader = new WireReader(bytes);
  const head: SpanHead = { spanId: "", parentId: "", name: EMPTY_SPAN_NAME, startNs: 0n, endNs: 0n, isError: false };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 2) head.spanId = reader.view().toString("latin1");
    else if (field === 4) head.parentId = reader.view().toString("latin1");
    else if (field === 5) head.name = reader.text() || EMPTY_SPAN_NAME;
    else if (field === 7) head.startNs = reader.fixed64();
    else if (field === 8) head.endNs = reader.fixed64();
    else if (field === 15) head.isError = isErrorStatus(reader.message());
    else reader.skip();
  }
  return head;
}

function isErrorStatus(reader: WireReader): boolean {
  let code = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 3) code = reader.number();
    else reader.skip();
  }
  return code === 2;
}
