import { type HuffmanTable, markAt } from "./huffman.ts";
import { zstdBlockMost, zstdCorrupt } from "./zstdFrame.ts";
import { zstdLiterals } from "./zstdLiterals.ts";
import {
  literalBase,
  literalBits,
  matchBase,
  matchBits,
  type SequenceTables,
  sequenceTables,
} from "./zstdTables.ts";

/** What one block of a frame leaves to the next. */
export interface Carried {
  huffman: HuffmanTable | undefined;
  tables: SequenceTables | undefined;
  /** The last three distances, latest first. */
  recent: [number, number, number];
}

/**
 * One compressed block (RFC 8878, 3.1.1.3): `source` from `at` to `end`, padded with 8 bytes on both sides, into
 * `out` from `to`; the frame's content begins at `start`. Returns where the block's content ends. Strict where the
 * format is: the bits of the sequences must be used up, a distance must lie within the frame.
 */
export function zstdBlock(
  source: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  start: number,
  to: number,
  carried: Carried,
): number {
  const section = zstdLiterals(source, at, end, carried.huffman);
  carried.huffman = section.table;
  const literals = section.bytes;
  const stop = Math.min(out.length, to + zstdBlockMost);
  const tooMuch = () => zstdCorrupt(`more than ${stop - to} bytes in a block`, `at most ${stop - to}`);
  let next = section.next;
  const byte = () => {
    if (next >= end) throw zstdCorrupt("a block that ends early", "its sequences");
    return source[next++]!;
  };
  let sequences = byte();
  if (sequences === 255) sequences = byte() + byte() * 256 + 0x7f00;
  else if (sequences > 127) sequences = (sequences - 128) * 256 + byte();
  let taken = 0;
  let place = to;
  if (sequences === 0) {
    if (next !== end) throw zstdCorrupt(`${end - next} bytes after the literals`, "none");
  } else {
    if (next >= end) throw zstdCorrupt("a block that ends early", "its sequences");
    const written = sequenceTables(source, next, end, carried.tables);
    carried.tables = written.tables;
    const { literals: ll, offsets: of, matches: ml } = written.tables;
    const first = written.next * 8;
    let bit = markAt(source, written.next, end);
    // At most 24 bits at once; before the stream's first bit lies padding or what was read, and `bit` tells.
    const take = (width: number): number => {
      bit -= width;
      if (bit < first) throw zstdCorrupt("sequences that end early", "more bits");
      const b = bit >> 3;
      const word = source[b]! | (source[b + 1]! << 8) | (source[b + 2]! << 16) | (source[b + 3]! << 24);
      return (word >>> (bit & 7)) & ((1 << width) - 1);
    };
    let [near, second, third] = carried.recent;
    let literalState = take(ll.log);
    let offsetState = take(of.log);
    let matchState = take(ml.log);
    for (let left = sequences; left > 0; left--) {
      const offsetCode = of.symbols[offsetState]!;
      const offset =
        offsetCode > 24
          ? 65536 * (1 << (offsetCode - 16)) + take(offsetCode - 16) * 65536 + take(16)
          : (1 << offsetCode) + take(offsetCode);
      const matchCode = ml.symbols[matchState]!;
      const length = matchBase[matchCode]! + take(matchBits[matchCode]!);
      const literalCode = ll.symbols[literalState]!;
      const count = literalBase[literalCode]! + take(literalBits[literalCode]!);
      if (left > 1) {
        literalState = ll.base[literalState]! + take(ll.bits[literalState]!);
        matchState = ml.base[matchState]! + take(ml.bits[matchState]!);
        offsetState = of.base[offsetState]! + take(of.bits[offsetState]!);
      }
      let distance = offset - 3;
      const which = offset + (count === 0 ? 1 : 0);
      if (offset > 3) {
        third = second;
        second = near;
      } else if (which === 1) distance = near;
      else {
        distance = which === 2 ? second : which === 3 ? third : near - 1;
        if (which > 2) third = second;
        second = near;
      }
      near = distance;
      if (count > literals.length - taken)
        throw zstdCorrupt(`${literals.length} literals`, `${taken + count}`);
      if (count + length > stop - place) throw tooMuch();
      if (count > 24) {
        out.set(literals.subarray(taken, taken + count), place);
        taken += count;
        place += count;
      } else {
        for (const until = place + count; place < until; ) out[place++] = literals[taken++]!;
      }
      if (distance < 1 || distance > place - start) {
        throw zstdCorrupt(`a match ${distance} bytes back`, `1 to ${place - start}`);
      }
      if (length > 48 && distance >= length) {
        out.copyWithin(place, place - distance, place - distance + length);
        place += length;
      } else {
        for (let from = place - distance, until = place + length; place < until; )
          out[place++] = out[from++]!;
      }
    }
    if (bit !== first) throw zstdCorrupt(`${bit - first} bits after the sequences`, "none");
    carried.recent = [near, second, third];
  }
  if (literals.length - taken > stop - place) throw tooMuch();
  out.set(literals.subarray(taken), place);
  return place + literals.length - taken;
}
