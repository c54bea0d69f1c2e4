import { CodecError } from "./codecError.ts";

/**
 * Bytes something may have. Nothing here is ever allocated by a length that stands in a file: `most` comes from the
 * chunk shape. Between two compressors in a row the length is known as a bound only, everywhere else it is exact.
 */
export interface Size {
  readonly least: number;
  readonly most: number;
}

export const exactly = (bytes: number): Size => ({ least: bytes, most: bytes });

/** What a compressor may have made of `size`: the worst case of every compressor here, with room to spare. */
export const compressed = (size: Size): Size => ({ least: 1, most: size.most + (size.most >> 6) + 4096 });

/** `size` as the last part of a message. */
export function sizeText({ least, most }: Size): string {
  if (least === most) return `${most}`;
  return least === 0 ? `at most ${most}` : `${least} to ${most}`;
}

export function checkSize(codec: string, bytes: number, size: Size): void {
  if (bytes >= size.least && bytes <= size.most) return;
  throw new CodecError({ codec, found: `${bytes} bytes`, expected: sizeText(size) });
}
