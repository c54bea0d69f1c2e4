import { CodecError } from "./codecError.ts";

const corrupt = (found: string, expected: string) => new CodecError({ codec: "snappy", found, expected });

/** One raw Snappy block: `source` from `at` to `end` must fill `out` from `start` to `stop` exactly. */
export function snappyBlock(
  source: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  start: number,
  stop: number,
): void {
  const number = (bytes: number) => {
    if (bytes > end - at) throw corrupt("an end within an element", "more bytes");
    let value = 0;
    for (let i = 0, unit = 1; i < bytes; i++, unit *= 256) value += source[at++]! * unit;
    return value;
  };
  let stated = 0;
  for (let unit = 1, more = true; more; unit *= 128) {
    const byte = number(1);
    stated += (byte & 127) * unit;
    more = byte > 127;
    if (unit > 268435456) throw corrupt("a length of more than 5 bytes", "at most 5");
  }
  if (stated !== stop - start) throw corrupt(`${stated} bytes`, `${stop - start}`);
  let to = start;
  while (at < end) {
    const tag = source[at++]!;
    const kind = tag & 3;
    if (kind === 0) {
      const short = tag >> 2;
      const literals = (short < 60 ? short : number(short - 59)) + 1;
      if (literals > end - at) throw corrupt(`${end - at} bytes of literals`, `${literals}`);
      if (literals > stop - to) throw corrupt(`more than ${stop - start} bytes`, `${stop - start}`);
      out.set(source.subarray(at, at + literals), to);
      at += literals;
      to += literals;
      continue;
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const distance = kind === 1 ? ((tag >> 5) << 8) + number(1) : number(kind === 2 ? 2 : 4);
    if (distance === 0 || distance > to - start) {
      throw corrupt(`a match ${distance} bytes back`, `1 to ${to - start}`);
    }
    if (length > stop - to) throw corrupt(`more than ${stop - start} bytes`, `${stop - start}`);
    for (let from = to - distance, until = to + length; to < until; ) out[to++] = out[from++]!;
  }
  if (to !== stop) throw corrupt(`${to - start} bytes`, `${stop - start}`);
}
