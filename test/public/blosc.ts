/** A Blosc frame as numcodecs writes it for the public stores: lz4, byte shuffle, blocks in one stream each. */
const blocksize = 1 << 16;

export const blosc = (values: ArrayBufferView, typesize: number): Uint8Array => {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const blocks = Array.from({ length: Math.ceil(raw.length / blocksize) }, (_, i) => {
    const shuffled = shuffle(raw.subarray(i * blocksize, (i + 1) * blocksize), typesize);
    const packed = lz4(shuffled);
    return packed.length < shuffled.length ? packed : shuffled;
  });
  const starts = 16 + 4 * blocks.length;
  const length = blocks.reduce((sum, block) => sum + 4 + block.length, starts);
  const frame = new Uint8Array(length);
  const view = new DataView(frame.buffer);
  // Version 2, lz4 version 1, flags: shuffle, one stream a block, lz4.
  frame.set([2, 1, 0x01 | 0x10 | (1 << 5), typesize]);
  view.setUint32(4, raw.length, true);
  view.setUint32(8, Math.min(blocksize, raw.length), true);
  view.setUint32(12, length, true);
  let at = starts;
  for (const [i, block] of blocks.entries()) {
    view.setUint32(16 + 4 * i, at, true);
    view.setUint32(at, block.length, true);
    frame.set(block, at + 4);
    at += 4 + block.length;
  }
  return frame;
};

const shuffle = (bytes: Uint8Array, typesize: number): Uint8Array => {
  const items = bytes.length / typesize;
  return bytes.map((_, i) => bytes[(i % items) * typesize + Math.floor(i / items)]!);
};

/** One lz4 block: greedy matches of four bytes and more, the last five bytes literal. */
const lz4 = (source: Uint8Array): Uint8Array => {
  const out: number[] = [];
  const seen = new Map<number, number>();
  const count = (rest: number) => {
    let left = rest;
    for (; left >= 255; left -= 255) out.push(255);
    out.push(left);
  };
  const sequence = (from: number, to: number, match: number, offset: number) => {
    const literals = to - from;
    const longer = match - 4;
    out.push((Math.min(literals, 15) << 4) | (match === 0 ? 0 : Math.min(longer, 15)));
    if (literals >= 15) count(literals - 15);
    for (let i = from; i < to; i++) out.push(source[i]!);
    if (match === 0) return;
    out.push(offset & 255, offset >> 8);
    if (longer >= 15) count(longer - 15);
  };
  let from = 0;
  for (let at = 0; at + 12 < source.length; ) {
    const key = source[at]! | (source[at + 1]! << 8) | (source[at + 2]! << 16) | (source[at + 3]! << 24);
    const before = seen.get(key);
    seen.set(key, at);
    if (before === undefined || at - before > 65_535) {
      at += 1;
      continue;
    }
    let length = 4;
    while (at + length < source.length - 5 && source[before + length] === source[at + length]) length += 1;
    sequence(from, at, length, at - before);
    at += length;
    from = at;
  }
  sequence(from, source.length, 0, 0);
  return Uint8Array.from(out);
};
