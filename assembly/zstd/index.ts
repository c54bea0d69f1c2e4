/**
 * Compressed blocks of zstd frames (RFC 8878), one frame at a time: `begin()`, then each block in turn, copied to
 * `input()`. Tables and literals stand among the constants; the caller's window holds what was decoded before and
 * has 64 bytes behind where a block may end, since copies go in steps of 16 bytes. Lengths, distances and the ends of
 * all streams are checked before they are used; -1 is "not a block of this format, or not one that fits".
 */
import { bitsBelow, markAt } from "./bits";
import { huffmanBegin } from "./huffman";
import { literalsAt, literalsSize, readLiterals } from "./literals";
import {
  blockMost,
  inputRoom,
  literalCounts,
  literalStates,
  matchCounts,
  matchStates,
  offsetCounts,
  offsetStates,
  patterns,
} from "./memory";
import { literalKind, matchKind, offsetKind, predefine, readStates, tableLog } from "./states";

export { hashBegin, hashEnd, hashStripes } from "./hash";

/** What one block of a frame leaves to the next. */
let tablesThere = false;
let literalLog: u32 = 0;
let offsetLog: u32 = 0;
let matchLog: u32 = 0;
/** The standing tables are the predefined ones. */
let literalsPredefined = false;
let offsetsPredefined = false;
let matchesPredefined = false;
let recent1: u32 = 1;
let recent2: u32 = 4;
let recent3: u32 = 8;

/** `patterns` is made. */
let patterned = false;

/** Where a block of at most 131072 bytes is put. */
export function input(): usize {
  return inputRoom + 64;
}

/** Where each of 16 bytes of a match comes from, by its distance, and how many of them are a whole number of turns. */
function makePatterns(): void {
  for (let distance: u32 = 1; distance < 16; distance++) {
    store<u8>(patterns + distance, <u8>(16 - (16 % distance)));
    for (let i: u32 = 0; i < 16; i++) store<u8>(patterns + distance * 16 + i, <u8>(i % distance));
  }
  patterned = true;
}

/** A new frame. */
export function begin(): void {
  huffmanBegin();
  tablesThere = false;
  recent1 = 1;
  recent2 = 4;
  recent3 = 8;
  if (!patterned) makePatterns();
}

// @ts-ignore: decorator
@inline
function copy16(to: usize, from: usize): void {
  v128.store(to, v128.load(from));
}

/**
 * The block of `length` bytes at `input()` into `to`, at most up to `stop`; `from` is the first byte that a match may
 * reach. Returns how many bytes the block has, or -1.
 */
export function block(length: u32, from: usize, to: usize, stop: usize): i32 {
  const at = input();
  if (length < 2 || length > blockMost || from > to || to > stop || stop - to > blockMost) return -1;
  const begun = to;
  const end = at + length;
  let next = readLiterals(at, end);
  if (next == 0 || next >= end) return -1;
  let literals = literalsAt;
  const literalEnd = literals + literalsSize;
  let left: u32 = load<u8>(next++);
  if (left > 127) {
    if (next >= end) return -1;
    const more: u32 = load<u8>(next++);
    if (left < 255) left = (left - 128) * 256 + more;
    else {
      if (next >= end) return -1;
      left = more + <u32>load<u8>(next++) * 256 + 0x7f00;
    }
  }
  if (left == 0) {
    if (next != end) return -1;
  } else {
    if (next >= end) return -1;
    const modes: u32 = load<u8>(next++);
    if ((modes & 3) != 0) return -1;
    const literalMode = modes >> 6;
    const offsetMode = (modes >> 4) & 3;
    const matchMode = (modes >> 2) & 3;
    if (!tablesThere && (literalMode == 3 || offsetMode == 3 || matchMode == 3)) return -1;
    if (literalMode == 0) {
      if (!literalsPredefined) predefine(literalStates, literalKind, literalCounts, 36, 6);
      literalsPredefined = true;
      literalLog = 6;
    } else if (literalMode < 3) {
      literalsPredefined = false;
      next = readStates(literalStates, literalKind, literalMode, next, end, 9, 35);
      if (next == 0) return -1;
      literalLog = tableLog;
    }
    if (offsetMode == 0) {
      if (!offsetsPredefined) predefine(offsetStates, offsetKind, offsetCounts, 29, 5);
      offsetsPredefined = true;
      offsetLog = 5;
    } else if (offsetMode < 3) {
      offsetsPredefined = false;
      next = readStates(offsetStates, offsetKind, offsetMode, next, end, 8, 31);
      if (next == 0) return -1;
      offsetLog = tableLog;
    }
    if (matchMode == 0) {
      if (!matchesPredefined) predefine(matchStates, matchKind, matchCounts, 53, 6);
      matchesPredefined = true;
      matchLog = 6;
    } else if (matchMode < 3) {
      matchesPredefined = false;
      next = readStates(matchStates, matchKind, matchMode, next, end, 9, 52);
      if (next == 0) return -1;
      matchLog = tableLog;
    }
    tablesThere = true;
    let position = markAt(next, end);
    if (position == 0) return -1;
    const first = <u32>next * 8;
    let near = recent1;
    let second = recent2;
    let third = recent3;
    let literalState: usize = literalStates + <u32>bitsBelow(position, literalLog) * 16;
    position -= literalLog;
    let offsetState: usize = offsetStates + <u32>bitsBelow(position, offsetLog) * 16;
    position -= offsetLog;
    let matchState: usize = matchStates + <u32>bitsBelow(position, matchLog) * 16;
    position -= matchLog;
    if (<i32>(position - first) < 0) return -1;
    let stateBits: u32 = 0;
    const floor = first - 64;
    do {
      const l = literalState;
      const o = offsetState;
      const m = matchState;
      // Bits of the next states in the low byte, all bits above it.
      const widths = <u32>load<u16>(l, 12) + <u32>load<u16>(o, 12) + <u32>load<u16>(m, 12);
      const total = widths >> 8;
      stateBits = widths & 255;
      const above = (position >> 3) - 7;
      const before = position;
      position -= total;
      if (<i32>(position - floor) < 0) return -1;
      let count = load<u32>(l);
      let size = load<u32>(m);
      let offset = load<u32>(o);
      let rest: u64;
      if (total <= 56) {
        rest = load<u64>(above) >> <u64>(position - (above << 3));
        let more = rest >> <u64>stateBits;
        count += <u32>more & load<u32>(l, 4);
        more >>= <u64>load<u8>(l, 14);
        size += <u32>more & load<u32>(m, 4);
        more >>= <u64>load<u8>(m, 14);
        offset += <u32>more & load<u32>(o, 4);
      } else {
        const literalWidth: u32 = load<u8>(l, 14);
        const matchWidth: u32 = load<u8>(m, 14);
        const offsetWidth: u32 = load<u8>(o, 14);
        rest = bitsBelow(position + stateBits, stateBits);
        offset += <u32>bitsBelow(before, offsetWidth);
        size += <u32>bitsBelow(before - offsetWidth, matchWidth);
        count += <u32>bitsBelow(before - offsetWidth - matchWidth, literalWidth);
      }
      offsetState = <u32>load<u16>(o, 8) + ((<u32>rest & <u32>load<u16>(o, 10)) << 4);
      rest >>= <u64>load<u8>(o, 12);
      matchState = <u32>load<u16>(m, 8) + ((<u32>rest & <u32>load<u16>(m, 10)) << 4);
      rest >>= <u64>load<u8>(m, 12);
      literalState = <u32>load<u16>(l, 8) + ((<u32>rest & <u32>load<u16>(l, 10)) << 4);
      if (offset > 3) {
        third = second;
        second = near;
        near = offset - 3;
      } else {
        const which = offset + (count == 0 ? 1 : 0);
        if (which > 1) {
          const distance = which == 2 ? second : which == 3 ? third : near - 1;
          if (distance == 0) return -1;
          if (which > 2) third = second;
          second = near;
          near = distance;
        }
      }
      const middle = to + count;
      const after = middle + size;
      const literalsAfter = literals + count;
      if (literalsAfter > literalEnd) return -1;
      if (after > stop) return -1;
      if (near > middle - from) return -1;
      copy16(to, literals);
      if (count > 16) {
        for (let i: u32 = 16; i < count; i += 16) copy16(to + i, literals + i);
      }
      literals = literalsAfter;
      const match = middle - near;
      if (near >= 16) {
        copy16(middle, match);
        if (size > 16) {
          for (let i: u32 = 16; i < size; i += 16) copy16(middle + i, match + i);
        }
      } else {
        const pattern = i8x16.swizzle(v128.load(match), v128.load(patterns + (near << 4)));
        const turn: u32 = load<u8>(patterns + near);
        for (let i: u32 = 0; i < size; i += turn) v128.store(middle + i, pattern);
      }
      to = after;
    } while (--left);
    if (position + stateBits != first) return -1;
    recent1 = near;
    recent2 = second;
    recent3 = third;
  }
  const rest = <u32>(literalEnd - literals);
  if (rest > stop - to) return -1;
  memory.copy(to, literals, rest);
  return <i32>(to + rest - begun);
}
