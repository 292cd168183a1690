import { WireWriter } from "./wire-writer";

/** `ExportTraceServiceResponse`: empty when everything was kept as sent. */
export function encodeExportReply(
  { rejectedSpans, message }: { rejectedSpans: number; message: string },
  encoding: "protobuf" | "json",
): Buffer {
  const isPartial = rejectedSpans > 0 || message !== "";
  if (encoding === "json") {
    const partialSuccess = isPartial
      ? { ...(rejectedSpans > 0 ? { rejectedSpans: String(rejectedSpans) } : {}), errorMessage: message }
      : {};
    return Buffer.from(JSON.stringify({ partialSuccess }));
  }
  const reply = new WireWriter();
  if (isPartial) {
    const partial = new WireWriter();
    if (rejectedSpans > 0) partial.number(1, rejectedSpans);
    partial.text(2, message);
    reply.message(1, partial);
  }
  return reply.finish();
}

/** `google.rpc.Status`, which OTLP answers every refusal with. */
export function encodeStatus(code: number, message: string, encoding: "protobuf" | "json"): Buffer {
  if (encoding === "json") return Buffer.from(JSON.stringify({ code, message }));
  const status = new WireWriter();
  status.number(1, code);
  status.text(2, message);
  return status.finish();
}
