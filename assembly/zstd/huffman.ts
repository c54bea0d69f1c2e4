/** Huffman tables and streams (RFC 8878, 4.2). */
import { bitsBelow, highBit, markAt } from "./bits";
import { double, single, starts, weightStates, weights } from "./memory";
import { buildStates, readCounts, tableLog, weightKind } from "./states";

/** A table stands, of this block or of one before. */
let there = false;
let doubleThere = false;

/** A new frame: no table. */
export function huffmanBegin(): void {
  there = false;
}

export function huffmanThere(): bool {
  return there;
}

/** Weights under finite state entropy, two states in turn; returns how many, or -1. */
function packedWeights(at: usize, end: usize): i32 {
  const from = readCounts(at, end, 6, 255);
  if (from == 0) return -1;
  const log = tableLog;
  buildStates(weightStates, weightKind);
  const start: i32 = <i32>from * 8;
  let bit: i32 = <i32>markAt(from, end);
  if (bit == 0) return -1;
  bit -= log;
  let now: u32 = bit < start ? weightStates : weightStates + <u32>bitsBelow(bit + log, log) * 16;
  bit -= log;
  if (bit < start) return -1;
  let other: u32 = weightStates + <u32>bitsBelow(bit + log, log) * 16;
  let count: i32 = 0;
  while (count < 255) {
    store<u8>(weights + count++, load<u8>(now));
    const width: u32 = load<u8>(now, 12);
    const next: u32 = load<u16>(now, 8);
    bit -= width;
    if (bit < start) {
      if (count == 256) return -1;
      store<u8>(weights + count++, load<u8>(other));
      return count;
    }
    now = other;
    other = next + <u32>bitsBelow(bit + width, width) * 16;
  }
  return -1;
}

/** The Huffman table at `at` into `single`; returns where it ends, or 0. */
export function readHuffman(at: usize, end: usize): usize {
  if (at >= end) return 0;
  const head: u32 = load<u8>(at);
  const next: usize = at + 1 + (head < 128 ? head : (head - 126) >> 1);
  if (next > end) return 0;
  let count: i32 = 0;
  if (head < 128) {
    count = packedWeights(at + 1, next);
    if (count < 1 || count > 255) return 0;
  } else {
    count = head - 127;
    for (let i: i32 = 0; i < count; i++) {
      const pair: u32 = load<u8>(at + 1 + (i >> 1));
      store<u8>(weights + i, <u8>((i & 1) == 0 ? pair >> 4 : pair & 15));
    }
  }
  memory.fill(starts, 0, 64);
  let total: u32 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const weight: u32 = load<u8>(weights + i);
    if (weight > 11) return 0;
    total += (1 << weight) >> 1;
    store<u32>(starts + weight * 4, load<u32>(starts + weight * 4) + 1);
  }
  if (total == 0) return 0;
  const most = highBit(total) + 1;
  if (most > 11) return 0;
  const left: u32 = (1 << most) - total;
  if ((left & (left - 1)) != 0) return 0;
  const lastWeight = highBit(left) + 1;
  store<u8>(weights + count, <u8>lastWeight);
  store<u32>(starts + lastWeight * 4, load<u32>(starts + lastWeight * 4) + 1);
  count++;
  if (load<u32>(starts, 4) < 2) return 0;
  const widen = 11 - most;
  let from: u32 = 0;
  for (let weight: u32 = 1; weight <= most; weight++) {
    const codes = load<u32>(starts + weight * 4);
    store<u32>(starts + weight * 4, from);
    from += codes << (weight - 1 + widen);
  }
  for (let symbol: i32 = 0; symbol < count; symbol++) {
    const weight: u32 = load<u8>(weights + symbol);
    if (weight == 0) continue;
    const entry: u64 = (<u64>symbol << 8) | <u64>(most + 1 - weight);
    const first = load<u32>(starts + weight * 4);
    const run: u32 = 1 << (weight - 1 + widen);
    store<u32>(starts + weight * 4, first + run);
    let place: usize = single + first * 2;
    if (run < 4) {
      store<u16>(place, <u16>entry);
      if (run == 2) store<u16>(place, <u16>entry, 2);
    } else {
      const four: u64 = entry * 0x0001000100010001;
      for (const stop: usize = place + run * 2; place < stop; place += 8) store<u64>(place, four);
    }
  }
  there = true;
  doubleThere = false;
  return next;
}

/** `double` of `single`, once for a table. */
export function pairUp(): void {
  if (doubleThere) return;
  for (let index: u32 = 0; index < 2048; index++) {
    const one: u32 = load<u16>(single + index * 2);
    const bits = one & 255;
    const two: u32 = load<u16>(single + ((index << bits) & 2047) * 2);
    const both = bits + (two & 255);
    const entry: u32 =
      both <= 11 ? (one >> 8) | (two & 0xff00) | (both << 16) | (2 << 24) : (one >> 8) | (bits << 16) | (1 << 24);
    store<u32>(double + index * 4, entry);
  }
  doubleThere = true;
}

