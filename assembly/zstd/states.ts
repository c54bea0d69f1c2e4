/** Tables of finite state entropy (RFC 8878, 4.1). */
import { highBit } from "./bits";
import { counts, literalExtra, matchExtra, spread, turns, values } from "./memory";

/** What `readCounts` and `readStates` found beside the end. */
export let tableLog: u32 = 0;
let tableSymbols: u32 = 0;

/** Counts written at `at` into `counts`; returns where they end, or 0. */
export function readCounts(at: usize, end: usize, mostLog: u32, mostSymbol: u32): usize {
  if (at >= end) return 0;
  const log: u32 = (load<u8>(at) & 15) + 5;
  if (log > mostLog) return 0;
  memory.fill(counts, 0, 512);
  let bit: u32 = <u32>at * 8 + 4;
  const last: u32 = <u32>end * 8;
  let remaining: i32 = 1 << log;
  let symbol: u32 = 0;
  while (remaining > 0) {
    if (symbol > mostSymbol || bit > last) return 0;
    const width = highBit(remaining + 1) + 1;
    const low: i32 = (1 << (width - 1)) - 1;
    const spare: i32 = (1 << width) - 2 - remaining;
    let value: i32 = (load<u32>(bit >> 3) >> (bit & 7)) & ((1 << width) - 1);
    if ((value & low) < spare) {
      value &= low;
      bit += width - 1;
    } else {
      if (value > low) value -= spare;
      bit += width;
    }
    const count = value - 1;
    store<i16>(counts + symbol * 2, <i16>count);
    symbol++;
    remaining -= count < 0 ? 1 : count;
    if (count == 0) {
      let zeros: u32 = 3;
      while (zeros == 3) {
        zeros = (load<u32>(bit >> 3) >> (bit & 7)) & 3;
        bit += 2;
        symbol += zeros;
        if (symbol > mostSymbol + 1) return 0;
      }
    }
  }
  const next = <usize>((bit + 7) >> 3);
  if (remaining != 0 || next > end) return 0;
  tableLog = log;
  tableSymbols = symbol;
  return next;
}

/** Which alphabet a table is of: it says what value and extra bits a symbol has. */
export const literalKind: u32 = 0;
export const offsetKind: u32 = 1;
export const matchKind: u32 = 2;
export const weightKind: u32 = 3;

/** Values of the first `symbols` symbols. */
function fillValues(kind: u32, symbols: u32): void {
  let value: u32 = kind == matchKind ? 3 : 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    let extra: u32 = 0;
    if (kind == literalKind) extra = load<u8>(literalExtra + symbol);
    else if (kind == matchKind) extra = load<u8>(matchExtra + symbol);
    else if (kind == offsetKind) extra = symbol;
    if (kind == offsetKind) value = 1 << symbol;
    else if (kind == weightKind) value = symbol;
    store<u32>(values + symbol * 16, value);
    store<u32>(values + symbol * 16, (1 << extra) - 1, 4);
    store<u64>(values + symbol * 16, ((<u64>extra << 8) | (<u64>extra << 16)) << 32, 8);
    value += 1 << extra;
  }
}

/** The table of the counts that were read. */
export function buildStates(table: usize, kind: u32): void {
  const log = tableLog;
  const symbols = tableSymbols;
  fillValues(kind, symbols);
  const size: u32 = 1 << log;
  let high = size;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    const count = load<i16>(counts + symbol * 2);
    if (count == -1) store<u8>(spread + --high, <u8>symbol);
    store<u16>(turns + symbol * 2, count == -1 ? 1 : <u16>count);
  }
  const stride: u32 = (size >> 1) + (size >> 3) + 3;
  let place: u32 = 0;
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    for (let i: i32 = 0, count: i32 = load<i16>(counts + symbol * 2); i < count; i++) {
      store<u8>(spread + place, <u8>symbol);
      do {
        place = (place + stride) & (size - 1);
      } while (place >= high);
    }
  }
  for (let state: u32 = 0; state < size; state++) {
    const symbol: u32 = load<u8>(spread + state);
    const turn: u32 = load<u16>(turns + symbol * 2);
    store<u16>(turns + symbol * 2, <u16>(turn + 1));
    const bits = log - highBit(turn);
    const next = (turn << bits) - size;
    const entry = table + state * 16;
    store<u64>(entry, load<u64>(values + symbol * 16));
    const widths = (<u64>bits << 32) | (<u64>bits << 40);
    store<u64>(entry, load<u64>(values + symbol * 16, 8) + (widths | <u64>(table + next * 16) | (<u64>((1 << bits) - 1) << 16)), 8);
  }
}

/** A predefined table. */
export function predefine(table: usize, kind: u32, from: usize, symbols: u32, log: u32): void {
  for (let symbol: u32 = 0; symbol < symbols; symbol++) {
    store<i16>(counts + symbol * 2, <i16>load<i8>(from + symbol));
  }
  tableLog = log;
  tableSymbols = symbols;
  buildStates(table, kind);
}

/** A table as the block states it by `mode`; returns where it ends, or 0. */
export function readStates(table: usize, kind: u32, mode: u32, at: usize, end: usize, mostLog: u32, mostSymbol: u32): usize {
  if (mode == 1) {
    if (at >= end) return 0;
    const symbol: u32 = load<u8>(at);
    if (symbol > mostSymbol) return 0;
    fillValues(kind, symbol + 1);
    store<u64>(table, load<u64>(values + symbol * 16));
    store<u64>(table, load<u64>(values + symbol * 16, 8) | <u64>table, 8);
    tableLog = 0;
    return at + 1;
  }
  const next = readCounts(at, end, mostLog, mostSymbol);
  if (next != 0) buildStates(table, kind);
  return next;
}

