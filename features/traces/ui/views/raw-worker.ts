import { readRawDocument } from "../../domain/raw/read-raw-document";

/*
 * Runs in a Web Worker: a file comes in, its lines go back. Types of the page's window stand for the worker's own, which
 * differ in nothing used here.
 */
self.onmessage = ({ data }: MessageEvent<Uint8Array>) => {
  const read = readRawDocument(data);
  const columns = Object.values<unknown>(read.lines).filter(ArrayBuffer.isView);
  self.postMessage(read, { transfer: [read.bytes, ...columns].map(({ buffer }) => buffer as ArrayBuffer) });
};
