/** Blosc frames by the block: any block and any run of blocks is what the whole frame has there. */
import { describe, expect, it } from "vitest";
import { unblosc } from "../../../src/sources/codecs/blosc.ts";
import {
  blockRanges,
  decodeBlocks,
  decodeWithin,
  startBytes,
} from "../../../src/sources/codecs/bloscBlocks.ts";
import { type BloscHeader, bloscHeader } from "../../../src/sources/codecs/bloscHeader.ts";
import { exactly } from "../../../src/sources/codecs/size.ts";
import { fresh } from "../../../src/sources/codecs/step.ts";
import { describeShared } from "../../shared.ts";
import { encodedBuffers, faultOf } from "./buffers.ts";

const headerOf = (frame: Uint8Array, bytes: number) =>
  bloscHeader(frame.subarray(0, 16), exactly(bytes), frame.length);
const rangesOf = (header: BloscHeader, frame: Uint8Array) =>
  blockRanges(header, frame.subarray(16, 16 + startBytes(header)));

/** Blocks `first` to before `last`, of the bytes that their ranges name and no others; guards stand around. */
const part = (frame: Uint8Array, bytes: number, first: number, last: number): Uint8Array => {
  const header = headerOf(frame, bytes);
  const ranges = rangesOf(header, frame);
  const from = Math.min(...ranges.from.subarray(first, last));
  const to = Math.max(...ranges.to.subarray(first, last));
  const size = Math.min(last * header.blocksize, bytes) - first * header.blocksize;
  const out = new Uint8Array(size + 20).fill(0xa5);
  decodeBlocks(
    header,
    ranges,
    first,
    last,
    frame.slice(from, to),
    from,
    out.subarray(0, size + 10),
    10,
    fresh,
  );
  const guards = [...out.subarray(0, 10), ...out.subarray(size + 10)];
  expect(guards.every((byte) => byte === 0xa5)).toBe(true);
  return out.subarray(10, 10 + size);
};

/** Bytes `from` to before `to` of a block, with guards around. */
const within = (frame: Uint8Array, bytes: number, block: number, from: number, to: number): Uint8Array => {
  const header = headerOf(frame, bytes);
  const ranges = rangesOf(header, frame);
  const [begin, end] = [ranges.from[block]!, ranges.to[block]!];
  const out = new Uint8Array(to - from + 20).fill(0xa5);
  const room = out.subarray(0, to - from + 10);
  decodeWithin(
    header,
    ranges,
    block,
    [{ from, to, out: room, at: 10 }],
    frame.slice(begin, end),
    begin,
    fresh,
  );
  const guards = [...out.subarray(0, 10), ...out.subarray(to - from + 10)];
  expect(guards.every((byte) => byte === 0xa5)).toBe(true);
  return out.subarray(10, to - from + 10);
};

/** The same blocks behind one another in another order, as a writer with several threads may leave them. */
const reordered = (frame: Uint8Array, bytes: number, order: readonly number[]): Uint8Array => {
  const header = headerOf(frame, bytes);
  const ranges = rangesOf(header, frame);
  const made = frame.slice();
  const view = new DataView(made.buffer);
  let at = 16 + startBytes(header);
  for (const block of order) {
    const body = frame.subarray(ranges.from[block]!, ranges.to[block]!);
    view.setUint32(16 + 4 * block, at, true);
    made.set(body, at);
    at += body.length;
  }
  expect(at).toBe(frame.length);
  return made;
};

describeShared("blosc frames of numcodecs, by the block", () => {
  const frames = encodedBuffers().filter(({ config }) => config.id === "blosc");

  it("any bytes of any block", () => {
    const shares = [
      [0, 0.1],
      [0.3, 0.35],
      [0.5, 1],
      [0.99, 1],
      [0, 1],
    ] as const;
    let checked = 0;
    for (const { id, encoded, raw } of frames) {
      const { blocks, blocksize, typesize } = headerOf(encoded, raw.length);
      for (let block = 0; block < blocks; block += Math.max(1, Math.floor(blocks / 5))) {
        const start = block * blocksize;
        const size = Math.min(blocksize, raw.length - start);
        const whole = size - (size % typesize);
        for (const [a, b] of shares) {
          for (const step of [typesize, 1]) {
            const from = Math.floor((whole * a) / step) * step;
            const to = b === 1 ? size : Math.floor((whole * b) / step) * step;
            if (from >= to) continue;
            const found = within(encoded, raw.length, block, from, to);
            expect(
              Buffer.compare(found, raw.subarray(start + from, start + to)),
              `${id} ${block} ${from}-${to}`,
            ).toBe(0);
            checked += 1;
          }
        }
      }
    }
    expect(checked).toBeGreaterThan(2000);
  });

  it("every block, every run of blocks, and the whole", () => {
    let [runs, most, copied] = [0, 0, 0];
    for (const { id, encoded, raw } of frames) {
      const header = headerOf(encoded, raw.length);
      if (header.copied) copied++;
      const { blocks, blocksize } = header;
      most = Math.max(most, blocks);
      const lasts = blocks > 12 ? [1, 2, 5, blocks] : Array.from({ length: blocks }, (_, i) => i + 1);
      for (let first = 0; first < blocks; first++) {
        for (const count of lasts) {
          const last = first + count;
          if (last > blocks) continue;
          const got = part(encoded, raw.length, first, last);
          const wanted = raw.subarray(first * blocksize, Math.min(last * blocksize, raw.length));
          if (Buffer.compare(got, wanted) !== 0) expect.fail(`${id}: blocks ${first} to ${last}`);
          runs++;
        }
      }
      expect(Buffer.compare(unblosc(encoded, exactly(raw.length)), raw), id).toBe(0);
    }
    expect(frames.length).toBeGreaterThan(400);
    expect(runs).toBeGreaterThan(1000);
    expect([most > 4, copied > 10]).toEqual([true, true]);
  });

  it("blocks in any order", () => {
    let seen = 0;
    for (const { id, encoded, raw } of frames) {
      const { copied, blocks } = headerOf(encoded, raw.length);
      if (copied || blocks < 2) continue;
      const ascending = Array.from({ length: blocks }, (_, i) => i);
      const orders = [
        ascending.toReversed(),
        [...ascending.slice(1), 0],
        ascending.toSorted((a, b) => (a % 2) - (b % 2)),
      ];
      for (const order of orders) {
        const made = reordered(encoded, raw.length, order);
        expect(Buffer.compare(unblosc(made, exactly(raw.length)), raw), id).toBe(0);
        const wanted = part(encoded, raw.length, blocks - 1, blocks);
        expect(Buffer.compare(part(made, raw.length, blocks - 1, blocks), wanted), id).toBe(0);
      }
      seen++;
    }
    expect(seen).toBe(20);
  });
});

/** Three blocks of 8, 8 and 4 bytes that were not compressed, at 28, 40 and 52. */
const frame = (): Uint8Array => {
  const out = new Uint8Array(16 + 12 + 12 + 12 + 8);
  const view = new DataView(out.buffer);
  out.set([2, 1, 0x20, 4]);
  [20, 8, out.length, 28, 40, 52].forEach((value, i) => {
    view.setUint32(4 + 4 * i, value, true);
  });
  [28, 40, 52].forEach((at, block) => {
    const bytes = block === 2 ? 4 : 8;
    view.setUint32(at, bytes, true);
    for (let i = 0; i < bytes; i++) out[at + 4 + i] = 8 * block + i;
  });
  return out;
};
const changed = (at: number, value: number): Uint8Array => {
  const out = frame();
  new DataView(out.buffer).setUint32(at, value, true);
  return out;
};

describe("headers", () => {
  it("are read from 16 bytes, with the length of the frame or without", () => {
    const prefix = frame().subarray(0, 16);
    const header = bloscHeader(prefix, exactly(20), undefined);
    expect(header).toEqual(bloscHeader(prefix, exactly(20), 60));
    expect([header.blocks, header.blocksize, header.length, startBytes(header)]).toEqual([3, 8, 60, 12]);
    expect(faultOf(() => bloscHeader(prefix, exactly(20), 59)).message).toBe(
      "blosc: a frame of 59 bytes found, 60 by its header expected",
    );
    expect(faultOf(() => bloscHeader(prefix.subarray(0, 15), exactly(20), undefined)).message).toContain(
      "15 bytes found, a header of 16 expected",
    );
    expect(faultOf(() => bloscHeader(prefix, exactly(24), undefined)).message).toContain(
      "20 bytes found, 24 expected",
    );
  });
});

describe("ranges", () => {
  const ranges = (bytes: Uint8Array) => rangesOf(headerOf(bytes, 20), bytes);

  it("end where the next block begins, wherever that is", () => {
    expect([...ranges(frame()).from, ...ranges(frame()).to]).toEqual([28, 40, 52, 40, 52, 60]);
    const other = reordered(frame(), 20, [2, 0, 1]);
    expect([...ranges(other).from, ...ranges(other).to]).toEqual([36, 48, 28, 48, 60, 36]);
    expect([...unblosc(other, exactly(20))]).toEqual([...unblosc(frame(), exactly(20))]);
  });
  it.each([
    [16, 27, "block 0 at 27 found, 28 to 56 expected"],
    [20, 57, "block 1 at 57 found, 28 to 56 expected"],
    [24, 4294967295, "block 2 at 4294967295 found"],
    [20, 28, "blocks 0 and 1 both at 28 found, a place for each expected"],
    [24, 28, "blocks 0 and 2 both at 28 found"],
    [16, 52, "blocks 0 and 2 both at 52 found"],
  ])("a start at %i of %i: an error", (at, value, message) => {
    const bytes = changed(at, value);
    expect(faultOf(() => ranges(bytes)).message).toContain(message);
    expect(faultOf(() => unblosc(bytes, exactly(20))).message).toContain(message);
  });
  it("need all starts", () => {
    const header = headerOf(frame(), 20);
    expect(faultOf(() => blockRanges(header, new Uint8Array(11))).message).toContain(
      "11 bytes of starts found, 12 for 3 blocks expected",
    );
  });
});

describe("blocks", () => {
  it.each([
    [28, 9, "a stream of 9 bytes found, at most 8 expected"],
    [40, 4294967295, "a stream of 4294967295 bytes found, at most 8 expected"],
    [52, 5, "a stream of 5 bytes found, at most 4 expected"],
    [40, 7, "lz4: "],
  ])("%i: no stream leaves its block", (at, value, message) => {
    expect(faultOf(() => unblosc(changed(at, value), exactly(20))).message).toContain(message);
  });
  it("a start within a block cuts that block", () => {
    expect(faultOf(() => unblosc(changed(24, 42), exactly(20))).message).toContain(
      "a stream at 0 of its block found",
    );
  });
  it("a stream that was only copied ends with its block", () => {
    expect(faultOf(() => unblosc(changed(24, 44), exactly(20))).message).toContain(
      "a stream of 8 bytes found, at most 0 expected",
    );
  });
  it("need their bytes, and room", () => {
    const whole = frame();
    const header = headerOf(whole, 20);
    const ranges = rangesOf(header, whole);
    const decode = (first: number, last: number, from: number, to: number, room: number) =>
      faultOf(() =>
        decodeBlocks(
          header,
          ranges,
          first,
          last,
          whole.subarray(from, to),
          from,
          new Uint8Array(room),
          0,
          fresh,
        ),
      ).message;
    expect(decode(1, 2, 28, 51, 8)).toBe(
      "blosc: bytes 28 to 51 of a frame found, block 1, 40 to 52 expected",
    );
    expect(decode(0, 2, 29, 60, 16)).toContain("bytes 29 to 60 of a frame found, block 0, 28 to 40 expected");
    expect(decode(1, 3, 0, 60, 11)).toContain("block 2 up to 12 found, room for it in 11 bytes expected");
  });
  it("of what was only copied are any cut", () => {
    const raw = Uint8Array.from({ length: 150_000 }, (_, i) => i * 7);
    const bytes = new Uint8Array(16 + raw.length);
    bytes.set([2, 1, 0x02, 4]);
    const view = new DataView(bytes.buffer);
    [raw.length, 4096, bytes.length].forEach((value, i) => {
      view.setUint32(4 + 4 * i, value, true);
    });
    bytes.set(raw, 16);
    const { blocks, blocksize } = headerOf(bytes, raw.length);
    expect([blocks, blocksize]).toEqual([3, 65_536]);
    expect(Buffer.compare(part(bytes, raw.length, 1, 3), raw.subarray(65_536))).toBe(0);
    expect(unblosc(bytes, exactly(raw.length)).buffer).toBe(bytes.buffer);
  });
});
