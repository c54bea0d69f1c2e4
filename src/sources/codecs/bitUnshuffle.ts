import { unshuffleTiles } from "./bloscTiles.ts";

/**
 * Undoes Blosc's bit shuffle: for each byte of an element and each of its bits one row, a bit an element, lowest
 * first. c-blosc shuffles only when the whole elements are a multiple of 8, and copies what is left of an element.
 */
export function bitUnshuffle(source: Uint8Array, out: Uint8Array, start: number, width: number): void {
  const elements = Math.floor(source.length / width);
  if (elements % 8 === 0 && unshuffleTiles("bit", source, out, start, width)) {
    out.set(source.subarray(elements * width), start + elements * width);
  } else {
    bitUnshuffleScalar(source, out, start, width);
  }
}

/** The same without WebAssembly. */
export function bitUnshuffleScalar(source: Uint8Array, out: Uint8Array, start: number, width: number): void {
  const elements = Math.floor(source.length / width);
  if (elements % 8 !== 0) {
    out.set(source, start);
    return;
  }
  const row = elements / 8;
  for (let byte = 0; byte < width; byte++) {
    const from = byte * elements;
    for (let group = 0, to = start + byte; group < row; group++, to += 8 * width) {
      const r = from + group;
      let low =
        source[r]! | (source[r + row]! << 8) | (source[r + 2 * row]! << 16) | (source[r + 3 * row]! << 24);
      let high =
        source[r + 4 * row]! |
        (source[r + 5 * row]! << 8) |
        (source[r + 6 * row]! << 16) |
        (source[r + 7 * row]! << 24);
      // Transpose 8 x 8 bits, in three rounds of swapped squares (Warren, Hacker's Delight, 7-3).
      let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swap ^ (swap << 7);
      swap = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swap ^ (swap << 7);
      swap = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swap ^ (swap << 14);
      swap = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swap ^ (swap << 14);
      swap = (low ^ (high << 4)) & 0xf0f0f0f0;
      low ^= swap;
      high ^= swap >>> 4;
      for (let i = 0; i < 4; i++) {
        out[to + i * width] = low >>> (8 * i);
        out[to + (i + 4) * width] = high >>> (8 * i);
      }
    }
  }
  out.set(source.subarray(elements * width), start + elements * width);
}
