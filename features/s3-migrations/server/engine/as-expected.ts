import type { OpenedObject } from "../stores/object-store";
import { StoreError } from "../stores/store-error";
import type { ChunkObject } from "./chunk-repository";

/**
 * What the source opened, with what the manifest says of it: the content type it names goes with the bytes, its MD5 must
 * be theirs. Throws `integrity` when the source holds something else: a copy of it would be a copy of the wrong bytes.
 */
export function asExpected<T extends OpenedObject>({ expected }: Pick<ChunkObject, "expected">, opened: T): T {
  if (expected === null) return opened;
  const { sizeBytes, md5, contentType } = expected;
  if (sizeBytes !== undefined && sizeBytes !== opened.sizeBytes) {
    throw notAsExpected(`the manifest says ${sizeBytes} bytes, the source has ${opened.sizeBytes}`);
  }
  if (md5 !== undefined && opened.told.md5 !== undefined && md5 !== opened.told.md5) {
    throw notAsExpected("the manifest and the source tell different checksums");
  }
  return {
    ...opened,
    ...(contentType === undefined
      ? {}
      : { metadata: { ...opened.metadata, "content-type": contentType }, isTypeByName: false }),
    told: md5 === undefined ? opened.told : { ...opened.told, md5 },
  };
}

function notAsExpected(how: string): StoreError {
  return new StoreError({ errorClass: "integrity", code: "NotAsExpected", message: `Not what was expected: ${how}.` });
}
