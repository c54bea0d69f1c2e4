import { onlySymbol, readStateTable, type StateTable, stateTable } from "./finiteState.ts";
import { zstdCorrupt } from "./zstdFrame.ts";

/** The three alphabets of a sequence: literals to copy, how far back a match lies, how long it is. */
export interface SequenceTables {
  readonly literals: StateTable;
  readonly offsets: StateTable;
  readonly matches: StateTable;
}

const repeat = (value: number, times: number) => Array<number>(times).fill(value);

/** Bits that follow a code, and the value they are added to (RFC 8878, 3.1.1.3.2.1.1). */
export const literalBits = Uint8Array.of(
  ...repeat(0, 16),
  1,
  1,
  1,
  1,
  2,
  2,
  3,
  3,
  4,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
);
export const matchBits = Uint8Array.of(
  ...[...repeat(0, 32), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
);
const bases = (bits: Uint8Array, from: number) => {
  const base = new Uint32Array(bits.length);
  for (let code = 0, value = from; code < bits.length; code++) {
    base[code] = value;
    value += 1 << bits[code]!;
  }
  return base;
};
export const literalBase = bases(literalBits, 0);
export const matchBase = bases(matchBits, 3);

const alphabets = {
  literals: {
    mostLog: 9,
    mostSymbol: 35,
    table: stateTable(
      Int16Array.of(4, 3, ...repeat(2, 11), 1, 1, 1, ...repeat(2, 9), 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1),
      6,
    ),
  },
  offsets: {
    mostLog: 8,
    mostSymbol: 31,
    table: stateTable(Int16Array.of(...repeat(1, 6), 2, 2, 2, ...repeat(1, 15), ...repeat(-1, 5)), 5),
  },
  matches: {
    mostLog: 9,
    mostSymbol: 52,
    table: stateTable(Int16Array.of(1, 4, 3, 2, 2, 2, 2, 2, 2, ...repeat(1, 37), ...repeat(-1, 7)), 6),
  },
};

/** The tables a block states, and where they end. */
export function sequenceTables(
  source: Uint8Array,
  at: number,
  end: number,
  before: SequenceTables | undefined,
): { readonly tables: SequenceTables; readonly next: number } {
  const modes = source[at]!;
  if ((modes & 3) !== 0) throw zstdCorrupt("reserved bits of a sequence header", "none");
  let next = at + 1;
  const read = (name: keyof SequenceTables, mode: number): StateTable => {
    const { mostLog, mostSymbol, table } = alphabets[name];
    if (mode === 0) return table;
    if (mode === 1) {
      const symbol = next < end ? source[next++]! : 256;
      if (symbol > mostSymbol) throw zstdCorrupt(`code ${symbol} of ${name}`, `at most ${mostSymbol}`);
      return onlySymbol(symbol);
    }
    if (mode === 2) {
      const written = readStateTable(source, next, end, mostLog, mostSymbol);
      next = written.next;
      return written.table;
    }
    if (before === undefined) throw zstdCorrupt("sequences under the tables before", "tables before");
    return before[name];
  };
  const literals = read("literals", modes >> 6);
  const offsets = read("offsets", (modes >> 4) & 3);
  const matches = read("matches", (modes >> 2) & 3);
  return { tables: { literals, offsets, matches }, next };
}
