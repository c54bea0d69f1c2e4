import { highBit, readStateTable } from "./finiteState.ts";
import { zstdCorrupt } from "./zstdFrame.ts";

/** All codes of up to `most` bits: the next `most` bits are the index. */
export interface HuffmanTable {
  readonly most: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
}

/** Where a backward stream of bits begins: the highest bit set of its last byte is a mark and no data. */
export function markAt(source: Uint8Array, at: number, end: number): number {
  const last = end > at ? source[end - 1]! : 0;
  if (last === 0) throw zstdCorrupt("a bit stream without its mark", "a last byte above 0");
  return (end - 1) * 8 + highBit(last);
}

/** Weights under finite state entropy, two states in turn, until the bits run out. RFC 8878, 4.2.1.2. */
function packedWeights(source: Uint8Array, at: number, end: number): number[] {
  const { table, next } = readStateTable(source, at, end, 6, 255);
  const start = next * 8;
  let bit = markAt(source, next, end);
  const take = (width: number) => {
    bit -= width;
    if (bit < start) return 0;
    return ((source[bit >> 3]! | (source[(bit >> 3) + 1]! << 8)) >> (bit & 7)) & ((1 << width) - 1);
  };
  let now = take(table.log);
  let other = take(table.log);
  if (bit < start) throw zstdCorrupt("weights that end early", "two states");
  const weights: number[] = [];
  while (weights.length < 255) {
    weights.push(table.symbols[now]!);
    now = table.base[now]! + take(table.bits[now]!);
    if (bit < start) {
      weights.push(table.symbols[other]!);
      return weights;
    }
    [now, other] = [other, now];
  }
  throw zstdCorrupt("more than 255 weights", "at most 255");
}

/** The table written at `at`, and where it ends. */
export function readHuffman(
  source: Uint8Array,
  at: number,
  end: number,
): { readonly table: HuffmanTable; readonly next: number } {
  if (at >= end) throw zstdCorrupt("an end before a Huffman table", "a table");
  const head = source[at]!;
  const next = at + 1 + (head < 128 ? head : (head - 126) >> 1);
  if (next > end) throw zstdCorrupt("a Huffman table that ends early", `${next - end} bytes more`);
  const weights = head < 128 ? packedWeights(source, at + 1, next) : [];
  for (let i = 0; i < head - 127; i++) {
    const pair = source[at + 1 + (i >> 1)]!;
    weights.push(i % 2 === 0 ? pair >> 4 : pair & 15);
  }
  const total = weights.reduce((sum, weight) => sum + (weight === 0 ? 0 : 1 << (weight - 1)), 0);
  const most = total === 0 ? 0 : highBit(total) + 1;
  const left = (1 << most) - total;
  if (
    most < 1 ||
    most > 11 ||
    weights.some((weight) => weight > 11) ||
    (left & (left - 1)) !== 0 ||
    weights.length > 255
  ) {
    throw zstdCorrupt("weights of no Huffman code", "a complete code of at most 11 bits");
  }
  weights.push(highBit(left) + 1);
  if (weights.filter((weight) => weight === 1).length < 2)
    throw zstdCorrupt("a code of one symbol", "two at least");
  const symbols = new Uint8Array(1 << most);
  const bits = new Uint8Array(1 << most);
  let from = 0;
  for (let weight = 1; weight <= most; weight++) {
    for (let symbol = 0; symbol < weights.length; symbol++) {
      if (weights[symbol] !== weight) continue;
      const to = from + (1 << (weight - 1));
      symbols.fill(symbol, from, to);
      bits.fill(most + 1 - weight, from, to);
      from = to;
    }
  }
  return { table: { most, symbols, bits }, next };
}

/** One stream, `source` from `at` to `end`, into `out` from `start` to `stop`; both must end together. */
export function huffmanStream(
  table: HuffmanTable,
  source: Uint8Array,
  at: number,
  end: number,
  out: Uint8Array,
  start: number,
  stop: number,
): void {
  const { most, symbols, bits } = table;
  const mask = (1 << most) - 1;
  const first = at * 8;
  let bit = markAt(source, at, end) - most;
  let to = start;
  // `bit` is where the next index begins: it may lie up to `most` bits before the stream, inside the padding.
  for (; to < stop && bit >= first - most; to++) {
    const byte = bit >> 3;
    const word = source[byte]! | (source[byte + 1]! << 8) | (source[byte + 2]! << 16);
    const index = (word >>> (bit & 7)) & mask;
    out[to] = symbols[index]!;
    bit -= bits[index]!;
  }
  if (to !== stop || bit !== first - most)
    throw zstdCorrupt("a Huffman stream of another length", `${stop - start}`);
}
