/** XXH64 with seed 0, in pieces, of which the low half ends a frame. */
const prime1: u64 = 0x9e3779b185ebca87;
const prime2: u64 = 0xc2b2ae3d27d4eb4f;
const prime3: u64 = 0x165667b19e3779f9;
const prime4: u64 = 0x85ebca77c2b2ae63;
const prime5: u64 = 0x27d4eb2f165667c5;
let lane0: u64 = 0;
let lane1: u64 = 0;
let lane2: u64 = 0;
let lane3: u64 = 0;

// @ts-ignore: decorator
@inline
function round(lane: u64, word: u64): u64 {
  return rotl(lane + word * prime2, 31) * prime1;
}

/** XXH64 with seed 0 begins. */
export function hashBegin(): void {
  lane0 = prime1 + prime2;
  lane1 = prime2;
  lane2 = 0;
  lane3 = 0 - prime1;
}

/** The stripes of 32 bytes from `at` on that end at or before `end`; returns where the last one does. */
export function hashStripes(at: usize, end: usize): usize {
  let a = lane0;
  let b = lane1;
  let c = lane2;
  let d = lane3;
  for (; at + 32 <= end; at += 32) {
    a = round(a, load<u64>(at));
    b = round(b, load<u64>(at, 8));
    c = round(c, load<u64>(at, 16));
    d = round(d, load<u64>(at, 24));
  }
  lane0 = a;
  lane1 = b;
  lane2 = c;
  lane3 = d;
  return at;
}

/** The low half of the hash of `total` bytes, the last of them, less than a stripe, from `at` to `end`. */
export function hashEnd(at: usize, end: usize, total: f64): u32 {
  let hash = prime5;
  if (total >= 32) {
    hash = rotl(lane0, 1) + rotl(lane1, 7) + rotl(lane2, 12) + rotl(lane3, 18);
    hash = (hash ^ round(0, lane0)) * prime1 + prime4;
    hash = (hash ^ round(0, lane1)) * prime1 + prime4;
    hash = (hash ^ round(0, lane2)) * prime1 + prime4;
    hash = (hash ^ round(0, lane3)) * prime1 + prime4;
  }
  hash += <u64>total;
  for (; at + 8 <= end; at += 8) hash = rotl(hash ^ round(0, load<u64>(at)), 27) * prime1 + prime4;
  if (at + 4 <= end) {
    hash = rotl(hash ^ (<u64>load<u32>(at) * prime1), 23) * prime2 + prime3;
    at += 4;
  }
  for (; at < end; at++) hash = rotl(hash ^ (<u64>load<u8>(at) * prime5), 11) * prime1;
  hash = (hash ^ (hash >> 33)) * prime2;
  hash = (hash ^ (hash >> 29)) * prime3;
  return <u32>(hash ^ (hash >> 32));
}
