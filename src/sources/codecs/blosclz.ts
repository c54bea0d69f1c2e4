import { CodecError } from "./codecError.ts";

const farthest = 8191;
const corrupt = (found: string, expected: string) => new CodecError({ codec: "blosclz", found, expected });

/**
 * One BloscLZ stream (c-blosc's own, after FastLZ): `source` from `at` to `end` must fill `out` from `start` to
 * `stop` exactly. An instruction below 32 is that many literals and one more; others are matches.
 */
export function blosclzBlock(
  source: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  start: number,
  stop: number,
): void {
  const next = () => {
    if (at >= end) throw corrupt("an end within a match", "more bytes");
    return source[at++]!;
  };
  let to = start;
  let first = true;
  while (at < end) {
    const instruction = first ? source[at++]! & 31 : source[at++]!;
    first = false;
    if (instruction < 32) {
      const literals = instruction + 1;
      if (literals > end - at) throw corrupt(`${end - at} bytes of literals`, `${literals}`);
      if (literals > stop - to) throw corrupt(`more than ${stop - start} bytes`, `${stop - start}`);
      for (const until = at + literals; at < until; ) out[to++] = source[at++]!;
      continue;
    }
    let length = (instruction >> 5) + 2;
    if (length === 9) {
      let more = 255;
      while (more === 255) {
        more = next();
        length += more;
      }
    }
    const high = (instruction & 31) << 8;
    const low = next();
    let distance = high + low + 1;
    if (low === 255 && high === 31 << 8) {
      distance = (next() << 8) + next() + farthest + 1;
    }
    if (distance > to - start) throw corrupt(`a match ${distance} bytes back`, `1 to ${to - start}`);
    if (length > stop - to) throw corrupt(`more than ${stop - start} bytes`, `${stop - start}`);
    if (distance === 1) {
      out.fill(out[to - 1]!, to, to + length);
      to += length;
    } else if (length > 48 && distance >= length) {
      out.copyWithin(to, to - distance, to - distance + length);
      to += length;
    } else {
      for (let from = to - distance, until = to + length; to < until; ) out[to++] = out[from++]!;
    }
  }
  if (to !== stop) throw corrupt(`${to - start} bytes`, `${stop - start}`);
}
