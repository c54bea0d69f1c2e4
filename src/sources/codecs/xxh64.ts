/**
 * XXH64 with seed 0, its low 32 bits: what ends a zstd frame. A 64-bit number is two signed 32-bit halves here,
 * since BigInt is forty times slower.
 */
interface Wide {
  high: number;
  low: number;
}

const prime1 = { high: 0x9e3779b1, low: 0x85ebca87 };
const prime2 = { high: 0xc2b2ae3d, low: 0x27d4eb4f };
const prime3 = { high: 0x165667b1, low: 0x9e3779f9 };
const prime4 = { high: 0x85ebca77, low: 0xc2b2ae63 };
const prime5 = { high: 0x27d4eb2f, low: 0x165667c5 };

/** The upper half of the product of two unsigned 32-bit numbers. */
function upper(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return (aHigh * bHigh + Math.floor(middle / 65536) + (aLow * bHigh + (middle & 0xffff)) / 65536) | 0;
}

function multiply(x: Wide, by: Wide): void {
  const high = (upper(x.low, by.low) + Math.imul(x.high, by.low) + Math.imul(x.low, by.high)) | 0;
  x.low = Math.imul(x.low, by.low);
  x.high = high;
}

function add(x: Wide, high: number, low: number): void {
  const sum = (x.low >>> 0) + (low >>> 0);
  x.high = (x.high + high + (sum > 0xffffffff ? 1 : 0)) | 0;
  x.low = sum | 0;
}

function rotate(x: Wide, by: number): void {
  const [high, low] = by < 32 ? [x.high, x.low] : [x.low, x.high];
  const turn = by & 31;
  x.high = turn === 0 ? high : (high << turn) | (low >>> (32 - turn));
  x.low = turn === 0 ? low : (low << turn) | (high >>> (32 - turn));
}

function shiftIn(x: Wide, by: number): void {
  const [high, low] =
    by < 32 ? [x.high >>> by, (x.low >>> by) | (x.high << (32 - by))] : [0, x.high >>> (by - 32)];
  x.high ^= high;
  x.low ^= low;
}

function round(lane: Wide, high: number, low: number): void {
  const word = { high, low };
  multiply(word, prime2);
  add(lane, word.high, word.low);
  rotate(lane, 31);
  multiply(lane, prime1);
}

function stir(hash: Wide, high: number, low: number, turn: number, by: Wide, plus: Wide): void {
  hash.high ^= high;
  hash.low ^= low;
  rotate(hash, turn);
  multiply(hash, by);
  add(hash, plus.high, plus.low);
}

const none = { high: 0, low: 0 };

export function xxh64Low(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hash: Wide = { ...prime5 };
  let at = 0;
  if (bytes.length >= 32) {
    const lanes: Wide[] = [{ ...prime1 }, { ...prime2 }, { ...none }, { ...none }];
    add(lanes[0]!, prime2.high, prime2.low);
    add(lanes[3]!, ~prime1.high, -prime1.low | 0);
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) {
        round(lanes[i]!, view.getInt32(at + i * 8 + 4, true), view.getInt32(at + i * 8, true));
      }
    }
    Object.assign(hash, none);
    for (const [i, turn] of [1, 7, 12, 18].entries()) {
      const lane = { ...lanes[i]! };
      rotate(lane, turn);
      add(hash, lane.high, lane.low);
    }
    for (const lane of lanes) {
      const part: Wide = { ...none };
      round(part, lane.high, lane.low);
      stir(hash, part.high, part.low, 0, prime1, prime4);
    }
  }
  add(hash, Math.floor(bytes.length / 4294967296), bytes.length | 0);
  for (; at + 8 <= bytes.length; at += 8) {
    const part: Wide = { ...none };
    round(part, view.getInt32(at + 4, true), view.getInt32(at, true));
    stir(hash, part.high, part.low, 27, prime1, prime4);
  }
  if (at + 4 <= bytes.length) {
    const part: Wide = { high: 0, low: view.getInt32(at, true) };
    multiply(part, prime1);
    stir(hash, part.high, part.low, 23, prime2, prime3);
    at += 4;
  }
  for (; at < bytes.length; at++) {
    const part: Wide = { high: 0, low: bytes[at]! };
    multiply(part, prime5);
    stir(hash, part.high, part.low, 11, prime1, none);
  }
  shiftIn(hash, 33);
  multiply(hash, prime2);
  shiftIn(hash, 29);
  multiply(hash, prime3);
  shiftIn(hash, 32);
  return hash.low >>> 0;
}
