import { unshuffleTiles } from "./bloscTiles.ts";
import { CodecError } from "./codecError.ts";
import { type Configuration, count } from "./configuration.ts";
import { littleEndianHost } from "./elements.ts";
import { type Step, sameSize } from "./step.ts";

/**
 * Undoes the byte shuffle of HDF5, Blosc and numcodecs: all first bytes of the elements, then all second ones, … .
 * Bytes of a last, partial element stand unshuffled behind. `out` from `start` takes `source`, all of it.
 */
export function unshuffle(source: Uint8Array, out: Uint8Array, start: number, width: number): void {
  if (!unshuffleTiles("byte", source, out, start, width)) {
    unshuffleScalar(source, out, start, width);
    return;
  }
  const whole = source.length - (source.length % width);
  out.set(source.subarray(whole), start + whole);
}

/** The same without WebAssembly. */
export function unshuffleScalar(source: Uint8Array, out: Uint8Array, start: number, width: number): void {
  const n = Math.floor(source.length / width);
  const at = out.byteOffset + start;
  if (littleEndianHost && width === 2 && at % 2 === 0) {
    const words = new Uint16Array(out.buffer, at, n);
    for (let i = 0; i < n; i++) words[i] = source[i]! | (source[i + n]! << 8);
  } else if (littleEndianHost && (width === 4 || width === 8) && at % 4 === 0) {
    const step = width >> 2;
    const words = new Uint32Array(out.buffer, at, n * step);
    for (let part = 0; part < step; part++) {
      const [a, b, c, d] = [4 * part * n, (4 * part + 1) * n, (4 * part + 2) * n, (4 * part + 3) * n];
      for (let i = 0, to = part; i < n; i++, to += step) {
        words[to] = source[a + i]! | (source[b + i]! << 8) | (source[c + i]! << 16) | (source[d + i]! << 24);
      }
    }
  } else {
    for (let byte = 0, from = 0; byte < width; byte++) {
      for (let i = 0, to = start + byte; i < n; i++, to += width) out[to] = source[from++]!;
    }
  }
  out.set(source.subarray(n * width), start + n * width);
}

/** numcodecs' shuffle filter: whole elements only. */
export function shuffle(configuration: Configuration): Step {
  const width = count("shuffle", configuration, "elementsize", 4);
  return {
    name: "shuffle",
    encodedSize: sameSize,
    decode(encoded, _, buffers) {
      if (width === 1) return encoded;
      if (encoded.length % width !== 0) {
        const expected = `a multiple of the element size ${width}`;
        throw new CodecError({ codec: "shuffle", found: `${encoded.length} bytes`, expected });
      }
      const out = buffers.take(encoded.length);
      unshuffle(encoded, out, 0, width);
      return out;
    },
  };
}
