import { copyBytes } from "../../kernels/wasm/copyBytes.ts";
import { type BloscRoom, bloscRoom } from "./bloscWasm.ts";
import { CodecError } from "./codecError.ts";
import { checkSize, compressed } from "./size.ts";
import type { Step } from "./step.ts";

const corrupt = (found: string, expected: string) => new CodecError({ codec: "lz4", found, expected });

/**
 * One raw LZ4 block: `source` from `at` to `end` must fill `out` from `start` to `stop` exactly. A match is copied
 * byte by byte when it is short or overlaps itself, else at once.
 */
export function lz4Block(
  source: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  start: number,
  stop: number,
): void {
  let to = start;
  while (at < end) {
    const token = source[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      let more = 255;
      while (more === 255) {
        if (at >= end) throw corrupt("an end within a length", "literals");
        more = source[at++]!;
        literals += more;
      }
    }
    if (literals > end - at) throw corrupt(`${end - at} bytes of literals`, `${literals}`);
    if (literals > stop - to) throw corrupt(`more than ${stop - start} bytes`, `${stop - start}`);
    if (literals > 24) {
      out.set(source.subarray(at, at + literals), to);
      at += literals;
      to += literals;
    } else {
      for (const until = at + literals; at < until; ) out[to++] = source[at++]!;
    }
    if (at === end) {
      if (to !== stop) throw corrupt(`${to - start} bytes`, `${stop - start}`);
      return;
    }
    if (end - at < 2) throw corrupt("an end within a distance", "2 bytes");
    const distance = source[at]! | (source[at + 1]! << 8);
    at += 2;
    let length = token & 15;
    if (length === 15) {
      let more = 255;
      while (more === 255) {
        if (at >= end) throw corrupt("an end within a length", "a match");
        more = source[at++]!;
        length += more;
      }
    }
    length += 4;
    if (distance === 0 || distance > to - start) {
      throw corrupt(`a match ${distance} bytes back`, `1 to ${to - start}`);
    }
    if (length > stop - to) throw corrupt(`more than ${stop - start} bytes`, `${stop - start}`);
    let from = to - distance;
    if (length > 48 && distance >= length) {
      out.copyWithin(to, from, from + length);
      to += length;
    } else if (length > 48 && distance === 1) {
      out.fill(out[from]!, to, to + length);
      to += length;
    } else {
      for (const until = to + length; to < until; ) out[to++] = out[from++]!;
    }
  }
  throw corrupt("an end after a match", "literals at the end of a block");
}

/** numcodecs' lz4: the decoded length in four bytes, low first, then one raw block. */
export const lz4 = (): Step => ({
  name: "lz4",
  encodedSize: compressed,
  decode(encoded, size, buffers) {
    if (encoded.length < 5) throw corrupt(`${encoded.length} bytes`, "a length and a block");
    const bytes = new DataView(encoded.buffer, encoded.byteOffset).getUint32(0, true);
    checkSize("lz4", bytes, size);
    const out = buffers.take(bytes);
    const room = bloscRoom(encoded.length + bytes);
    if (room === undefined || !lz4InRoom(room, encoded, out)) {
      lz4Block(encoded, 4, encoded.length, out, 0, bytes);
    }
    return out;
  },
});

function lz4InRoom({ u8, run, work }: BloscRoom, encoded: Uint8Array, out: Uint8Array): boolean {
  copyBytes(u8, encoded, work);
  const decoded = work + encoded.length;
  if (run.lz4(work + 4, decoded, decoded, decoded + out.length, decoded + out.length) !== 0) return false;
  copyBytes(out, u8.subarray(decoded, decoded + out.length), 0);
  return true;
}
