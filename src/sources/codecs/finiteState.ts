import { zstdCorrupt } from "./zstdFrame.ts";

/** A decoding table of finite state entropy: what each state stands for, and how the next one is made of bits. */
export interface StateTable {
  readonly log: number;
  readonly symbols: Uint8Array;
  readonly bits: Uint8Array;
  readonly base: Uint16Array;
}

/** Number of the highest bit set; `value` at least 1. */
export const highBit = (value: number): number => 31 - Math.clz32(value);

/** How often each symbol stands in a table of 2^log states; -1 is "less than once". RFC 8878, 4.1.1. */
export function stateTable(counts: Int16Array, log: number): StateTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = new Uint16Array(counts.length);
  let high = size;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    const count = counts[symbol]!;
    if (count === -1) symbols[--high] = symbol;
    next[symbol] = count === -1 ? 1 : count;
  }
  const stride = (size >> 1) + (size >> 3) + 3;
  let place = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) {
    for (let i = 0; i < counts[symbol]!; i++) {
      symbols[place] = symbol;
      do {
        place = (place + stride) & (size - 1);
      } while (place >= high);
    }
  }
  const bits = new Uint8Array(size);
  const base = new Uint16Array(size);
  for (let state = 0; state < size; state++) {
    const symbol = symbols[state]!;
    const turn = next[symbol]!;
    next[symbol] = turn + 1;
    bits[state] = log - highBit(turn);
    base[state] = (turn << bits[state]!) - size;
  }
  return { log, symbols, bits, base };
}

/** The table of one symbol that costs no bits. */
export const onlySymbol = (symbol: number): StateTable => ({
  log: 0,
  symbols: Uint8Array.of(symbol),
  bits: new Uint8Array(1),
  base: new Uint16Array(1),
});

/** The counts written at `at`, as a table, and where they end. */
export function readStateTable(
  source: Uint8Array,
  at: number,
  end: number,
  mostLog: number,
  mostSymbol: number,
): { readonly table: StateTable; readonly next: number } {
  if (at >= end) throw zstdCorrupt("an end before a table", "a table");
  const log = (source[at]! & 15) + 5;
  if (log > mostLog) throw zstdCorrupt(`a table of 2^${log} states`, `at most 2^${mostLog}`);
  let bit = at * 8 + 4;
  const peek = (width: number) => {
    const byte = bit >> 3;
    const word = source[byte]! | (source[byte + 1]! << 8) | (source[byte + 2]! << 16);
    return (word >>> (bit & 7)) & ((1 << width) - 1);
  };
  const counts = new Int16Array(mostSymbol + 1);
  let remaining = 1 << log;
  let symbol = 0;
  while (remaining > 0) {
    if (symbol > mostSymbol || bit > end * 8) throw zstdCorrupt("a table that does not end", "its end");
    const width = highBit(remaining + 1) + 1;
    const low = (1 << (width - 1)) - 1;
    const spare = (1 << width) - 2 - remaining;
    let value = peek(width);
    if ((value & low) < spare) {
      value &= low;
      bit += width - 1;
    } else {
      if (value > low) value -= spare;
      bit += width;
    }
    const count = value - 1;
    counts[symbol++] = count;
    remaining -= Math.abs(count);
    for (let zeros = count === 0 ? 3 : 0; zeros === 3; ) {
      zeros = peek(2);
      bit += 2;
      symbol += zeros;
      if (symbol > mostSymbol + 1) throw zstdCorrupt("a table of too many symbols", `${mostSymbol + 1}`);
    }
  }
  const next = (bit + 7) >> 3;
  if (remaining !== 0 || next > end)
    throw zstdCorrupt("counts that do not fill their table", `2^${log} states`);
  return { table: stateTable(counts, log), next };
}
