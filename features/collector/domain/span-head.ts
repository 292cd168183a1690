import { EMPTY_SPAN_NAME } from "./decode-span";
import { WireReader } from "./wire-reader";

/** The few facts of a span that summaries and call counts need; ids as latin-1 text, good only as map keys. */
export type SpanHead = {
  spanId: string;
  /** Empty for a span without a parent. */
  parentId: string;
  name: string;
  kind: number;
  startNs: bigint;
  endNs: bigint;
  isError: boolean;
};

/** Reads a stored span's head and moves past everything else. */
export function readSpanHead(bytes: Buffer): SpanHead {
  const reader = new WireReader(bytes);
  const head: SpanHead = {
    spanId: "",
    parentId: "",
    name: EMPTY_SPAN_NAME,
    kind: 0,
    startNs: 0n,
    endNs: 0n,
    isError: false,
  };
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    const read = READERS[field];
    if (read === undefined) reader.skip();
    else read(head, reader);
  }
  return head;
}

/** What each field of the wire format tells, by its number. */
const READERS: readonly (((head: SpanHead, reader: WireReader) => void) | undefined)[] = Object.assign([], {
  2: (head: SpanHead, reader: WireReader) => {
    head.spanId = reader.view().toString("latin1");
  },
  4: (head: SpanHead, reader: WireReader) => {
    head.parentId = reader.view().toString("latin1");
  },
  5: (head: SpanHead, reader: WireReader) => {
    head.name = reader.text() || EMPTY_SPAN_NAME;
  },
  6: (head: SpanHead, reader: WireReader) => {
    head.kind = reader.number();
  },
  7: (head: SpanHead, reader: WireReader) => {
    head.startNs = reader.fixed64();
  },
  8: (head: SpanHead, reader: WireReader) => {
    head.endNs = reader.fixed64();
  },
  15: (head: SpanHead, reader: WireReader) => {
    head.isError = isErrorStatus(reader.message());
  },
});

function isErrorStatus(reader: WireReader): boolean {
  let code = 0;
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 3) code = reader.number();
    else reader.skip();
  }
  return code === 2;
}
