/**
 * Snappy, as the format is written down in google/snappy `format_description.txt`: greedy matches of at least four
 * bytes within blocks of 64 KiB, found through a hash of four bytes; where nothing matches it looks less and less often.
 * The library's own writes byte by byte into a growing buffer, which takes several times as long.
 */
const blockBytes = 1 << 16;
const hashBits = 14;
/** Bytes at the end of a block that are not searched. */
const margin = 15;

export class Snappy {
  readonly #places = new Uint16Array(1 << hashBits);
  #out = new Uint8Array(0);
  #at = 0;

  /** The compressed bytes; good until the next call. */
  compress(input: Uint8Array): Uint8Array {
    const most = 32 + input.length + Math.ceil(input.length / 6);
    if (this.#out.length < most) this.#out = new Uint8Array(most);
    this.#at = 0;
    let length = input.length;
    for (; length >= 0x80; length >>>= 7) this.#out[this.#at++] = (length & 0x7f) | 0x80;
    this.#out[this.#at++] = length;
    const view = new DataView(input.buffer, input.byteOffset, input.length);
    for (let start = 0; start < input.length; start += blockBytes) {
      this.#block(input, view, start, Math.min(start + blockBytes, input.length));
    }
    return this.#out.subarray(0, this.#at);
  }

  #block(input: Uint8Array, view: DataView, start: number, end: number): void {
    const places = this.#places.fill(0);
    const limit = end - margin;
    let [ip, emitted] = [start + 1, start];
    let skip = 32;
    while (ip <= limit) {
      const word = view.getInt32(ip, true);
      const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits);
      const candidate = start + places[slot]!;
      places[slot] = ip - start;
      if (view.getInt32(candidate, true) !== word) {
        ip += skip++ >>> 5;
        continue;
      }
      let length = 4;
      while (
        ip + length + 4 <= end &&
        view.getInt32(ip + length, true) === view.getInt32(candidate + length, true)
      ) {
        length += 4;
      }
      while (ip + length < end && input[ip + length] === input[candidate + length]) length++;
      if (emitted < ip) this.#literal(input, emitted, ip);
      this.#copy(ip - candidate, length);
      ip += length;
      emitted = ip;
      skip = 32;
      if (ip <= limit) {
        places[Math.imul(view.getInt32(ip - 1, true), 0x1e35a7bd) >>> (32 - hashBits)] = ip - 1 - start;
      }
    }
    if (emitted < end) this.#literal(input, emitted, end);
  }

  #literal(input: Uint8Array, from: number, to: number): void {
    const out = this.#out;
    const value = to - from - 1;
    if (value < 60) {
      out[this.#at++] = value << 2;
    } else {
      // A block has at most 2^16 bytes.
      const bytes = value < 0x100 ? 1 : 2;
      out[this.#at++] = (59 + bytes) << 2;
      out[this.#at++] = value & 0xff;
      if (bytes === 2) out[this.#at++] = value >>> 8;
    }
    if (value < 32) for (let i = from; i < to; i++) out[this.#at++] = input[i]!;
    else {
      out.set(input.subarray(from, to), this.#at);
      this.#at += to - from;
    }
  }

  #copy(offset: number, length: number): void {
    const out = this.#out;
    let left = length;
    while (left > 64) {
      // What is left is never below the four bytes that a copy has at least.
      const part = left < 68 ? 60 : 64;
      out[this.#at++] = 2 | ((part - 1) << 2);
      out[this.#at++] = offset & 0xff;
      out[this.#at++] = offset >>> 8;
      left -= part;
    }
    if (left < 12 && offset < 2048) {
      out[this.#at++] = 1 | ((left - 4) << 2) | ((offset >>> 8) << 5);
      out[this.#at++] = offset & 0xff;
    } else {
      out[this.#at++] = 2 | ((left - 1) << 2);
      out[this.#at++] = offset & 0xff;
      out[this.#at++] = offset >>> 8;
    }
  }
}
