/**
 * A Blosc 1 frame as numcodecs writes it with its usual settings: lz4, byte shuffle, blocks of 512 KiB that are
 * cut in one stream for each byte of an item. For the bench's stores only: a quick greedy match finder.
 */
const blocksize = 1 << 19;

/** @example bloscFrame(Float32Array.of(1, 2)) */
export const bloscFrame = (values: Float32Array): Uint8Array => {
  const typesize = values.BYTES_PER_ELEMENT;
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const count = Math.ceil(raw.length / blocksize);
  const size = Math.min(blocksize, raw.length);
  const out = new Uint8Array(16 + 4 * count + raw.length + 4 * count * typesize);
  const view = new DataView(out.buffer);
  const scratch = new Uint8Array(blocksize);
  let at = 16 + 4 * count;
  for (let block = 0; block < count; block++) {
    view.setUint32(16 + 4 * block, at, true);
    const bytes = raw.subarray(block * blocksize, (block + 1) * blocksize);
    const shuffled = scratch.subarray(0, bytes.length);
    shuffle(bytes, shuffled, typesize);
    // A shorter last block is never cut.
    const streams = bytes.length === size ? typesize : 1;
    const each = bytes.length / streams;
    for (let stream = 0; stream < streams; stream++) {
      const part = shuffled.subarray(stream * each, (stream + 1) * each);
      const packed = lz4(part, out, at + 4);
      if (packed === undefined) out.set(part, at + 4);
      view.setUint32(at, packed ?? each, true);
      at += 4 + (packed ?? each);
    }
  }
  // Format 2, lz4 format 1; flags: lz4, byte shuffle.
  out.set([2, 1, (1 << 5) | 1, typesize]);
  view.setUint32(4, raw.length, true);
  view.setUint32(8, size, true);
  view.setUint32(12, at, true);
  return out.slice(0, at);
};

const shuffle = (bytes: Uint8Array, to: Uint8Array, typesize: number): void => {
  const items = bytes.length / typesize;
  for (let byte = 0; byte < typesize; byte++) {
    for (let i = 0, from = byte; i < items; i++, from += typesize) to[byte * items + i] = bytes[from]!;
  }
};

/** One lz4 block into `out` from `start`: its length, or undefined where it would not be shorter than the source. */
const lz4 = (source: Uint8Array, out: Uint8Array, start: number): number | undefined => {
  const seen = new Int32Array(1 << 14).fill(-1);
  const stop = start + source.length;
  const word = (i: number) =>
    source[i]! | (source[i + 1]! << 8) | (source[i + 2]! << 16) | (source[i + 3]! << 24);
  let to = start;
  const length = (rest: number) => {
    let left = rest;
    for (; left >= 255; left -= 255) out[to++] = 255;
    out[to++] = left;
  };
  const literals = (from: number, until: number, match: number) => {
    const count = until - from;
    out[to++] = (Math.min(count, 15) << 4) | Math.min(match, 15);
    if (count >= 15) length(count - 15);
    out.set(source.subarray(from, until), to);
    to += count;
  };
  let from = 0;
  for (let at = 0; at + 12 < source.length; ) {
    const key = word(at);
    const slot = Math.imul(key, 2654435761) >>> 18;
    const before = seen[slot]!;
    seen[slot] = at;
    if (before < 0 || at - before > 65_535 || word(before) !== key) {
      at += 1 + ((at - from) >> 6); // Ever faster over what does not repeat.
      continue;
    }
    let match = 4;
    while (at + match < source.length - 5 && source[before + match] === source[at + match]) match += 1;
    if (to + (at - from) + (at - from) / 255 + match / 255 + 16 > stop) return undefined;
    literals(from, at, match - 4);
    out[to++] = (at - before) & 255;
    out[to++] = (at - before) >> 8;
    if (match - 4 >= 15) length(match - 4 - 15);
    at += match;
    from = at;
  }
  const rest = source.length - from;
  if (to + rest + rest / 255 + 16 > stop) return undefined;
  literals(from, source.length, 0);
  return to - start;
};
