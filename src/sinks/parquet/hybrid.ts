/**
 * Small integers as Parquet's hybrid of runs and packed bits (Encodings.md, "RLE / Bit-Packing Hybrid"): eight and more
 * equal ones as a run, the others in groups of eight.
 *
 * @param bits of a value: 0 to 8
 * @param to has room for `hybridBytes` from `at` on
 * @returns the end
 */
export const hybrid = (values: Uint8Array, bits: number, to: Uint8Array, at: number): number => {
  const { length } = values;
  let end = at;
  let packedFrom = 0;
  let packed = 0;
  const flush = () => {
    if (packed === 0) return;
    end = varint(((packed << 1) | 1) >>> 0, to, end);
    for (let group = packedFrom; group < packedFrom + 8 * packed; group += 8) {
      let [buffer, held] = [0, 0];
      for (let i = group; i < group + 8; i++) {
        // The last group is filled with zeros.
        buffer |= (i < length ? values[i]! : 0) << held;
        held += bits;
        if (held >= 8) {
          to[end++] = buffer;
          buffer >>>= 8;
          held -= 8;
        }
      }
    }
    packed = 0;
  };
  for (let i = 0; i < length; ) {
    const value = values[i]!;
    let same = i + 1;
    while (same < length && values[same] === value) same++;
    if (same - i >= 8) {
      flush();
      end = varint((same - i) << 1, to, end);
      if (bits > 0) to[end++] = value;
      i = same;
    } else {
      if (packed === 0) packedFrom = i;
      packed++;
      i += 8;
    }
  }
  flush();
  return end;
};

/** Bytes that so many values take at most. */
export const hybridBytes = (length: number, bits: number): number =>
  Math.ceil((length + 8) / 8) * (bits + 1) + 16;

const varint = (value: number, to: Uint8Array, at: number): number => {
  let [rest, end] = [value, at];
  for (; rest >= 0x80; rest >>>= 7) to[end++] = (rest & 0x7f) | 0x80;
  to[end++] = rest;
  return end;
};
