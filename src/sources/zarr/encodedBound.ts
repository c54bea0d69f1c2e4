import type { ElementType } from "../codecs/elementType.ts";
import { compressed, exactly } from "../codecs/size.ts";

/**
 * No encoded chunk of `count` values has more bytes: decoded bytes, and what each codec may add in the worst case. A
 * codec that changes the type may store up to 8 bytes a value. Without codecs it is the decoded size itself.
 */
export function encodedBound(count: number, type: ElementType, codecs: readonly string[]): number {
  const retyped = codecs.some((name) =>
    /(^|\.)(astype|fixedscaleoffset|delta|quantize|packbits)$/.test(name),
  );
  const sized = codecs.filter((name) => name !== "bytes" && name !== "transpose");
  let size = exactly(count * (retyped ? 8 : type.bytes));
  for (const _ of sized) size = compressed(size);
  return size.most;
}
