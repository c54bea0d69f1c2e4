/** Parts of blosc frames over requests: as few of them as can be, whatever the next frame looks like. */
import { describe, expect, it } from "vitest";
import { bloscFrame } from "../../../bench/stores/bloscFrame.ts";
import type { BloscHeader } from "../../../src/sources/codecs/bloscHeader.ts";
import { decoderV2, type PartDecoder } from "../../../src/sources/codecs/chain.ts";
import { fresh } from "../../../src/sources/codecs/step.ts";
import type { StoredChunk } from "../../../src/sources/storedArray.ts";
import { HttpStatus, storeFault } from "../../../src/sources/stores/storeFault.ts";
import { wantedPart } from "../../../src/sources/zarr/chunkPart.ts";
import { FrameGuess, headOf } from "../../../src/sources/zarr/frameGuess.ts";
import { readSome } from "../../../src/sources/zarr/readSome.ts";
import { countedBuffers } from "../../runtime/countedBuffers.ts";
import { memoryStore } from "./memoryStore.ts";

const count = 1 << 20;
/** Eight blocks of 512 KiB. */
const decoder = decoderV2({
  dtype: "<f4",
  compressor: { id: "blosc", cname: "lz4", clevel: 5, shuffle: 1, blocksize: 0 },
  filters: null,
  order: "C",
  chunks: [count],
}).parts as PartDecoder;

/** The larger `step`, the more alike the values are. */
const field = (seed: number, step: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(seed + Math.floor(i / step)) * 30);

const part = (start: number, stop: number) => ({ name: "", ...wantedPart(decoder, [{ start, stop }])! });

/** Of arrays of this size vitest's own comparison takes seconds. */
const isSame = (a: ArrayBufferView, b: ArrayBufferView): boolean =>
  Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(Buffer.from(b.buffer, b.byteOffset, b.byteLength));

const open = (frames: readonly Uint8Array[]) => {
  const store = memoryStore(Object.fromEntries(frames.map((frame, i) => [`u/${i}`, frame])));
  const guess = new FrameGuess(8);
  const arrivals: number[] = [];
  const read = async (i: number, start: number, stop: number) => {
    const before = store.asked.length;
    const wanted = part(start, stop);
    let bytes = 0;
    const found = await readSome(store, `u/${i}`, decoder, wanted, {
      guess,
      buffers: fresh,
      most: 1e9,
      arrived: (encoded) => void arrivals.push(encoded),
      count: (more) => {
        bytes += more;
      },
    });
    const [span] = wanted.spans;
    return {
      values: found?.values.subarray(start - span!.start, stop - span!.start),
      requests: store.asked.slice(before),
      bytes,
    };
  };
  return { store, read, arrivals };
};

describe("parts over requests", () => {
  it("asks for the whole first, then for what reaches to the last block", async () => {
    const fields = [0, 1, 2].map((seed) => field(seed, 8));
    const frames = fields.map(bloscFrame);
    const { read } = open(frames);
    for (const [i, values] of fields.entries()) {
      const { values: found, requests, bytes } = await read(i, 150_000, 250_000);
      expect(found).toEqual(values.subarray(150_000, 250_000));
      expect(requests).toHaveLength(1);
      if (i > 0) expect(bytes).toBeLessThan(0.3 * frames[i]!.length);
    }
  });

  it("takes other parts of the same chunk along: one request, each block decoded for all", async () => {
    const values = field(0, 8);
    const buffers = countedBuffers();
    const frame = bloscFrame(values);
    const store = memoryStore({ "u/0": frame, "u/1": frame });
    const guess = new FrameGuess(8);
    const spans = [
      [150_000, 250_000],
      [200_000, 300_000],
      [900_000, 950_000],
    ].map(([start, stop]) => part(start!, stop!));
    for (const i of [0, 1]) {
      const taken: StoredChunk[] = [];
      const beside = spans.slice(1).map((one) => ({
        spans: one.spans,
        take: (chunk: StoredChunk) => void taken.push(chunk),
      }));
      const own = await readSome(store, `u/${i}`, decoder, spans[0]!, { guess, buffers, most: 1e9, beside });
      for (const [at, chunk] of [own!, ...taken].entries()) {
        const { start, stop } = spans[at]!.spans[0]!;
        expect(isSame(chunk.values, values.subarray(start, stop))).toBe(true);
        expect(chunk.version).toBe("1");
        buffers.give(chunk.buffer!);
      }
    }
    expect(store.asked.length).toBe(2);
    expect(buffers.out).toBe(0);
    const damaged = frame.slice().fill(255, 0, 3);
    store.objects.set("u/2", damaged);
    const beside = spans.slice(1).map((one) => ({ spans: one.spans, take: () => expect.fail("taken") }));
    const options = { guess, buffers, most: 1e9, beside };
    await expect(readSome(store, "u/2", decoder, spans[0]!, options)).rejects.toThrow("blosc");
    expect(buffers.out).toBe(0);
  });

  it("takes of a raw chunk what lies so near that the bytes between cost less than a request", async () => {
    const values = field(0, 16);
    const store = memoryStore({ "u/0": new Uint8Array(values.buffer) });
    const raw = decoderV2({ dtype: "<f4", compressor: null, filters: null, order: "C", chunks: [count] })
      .parts!;
    const taken = new Map<number, StoredChunk>();
    const beside = [110_000, 900_000].map((start) => ({
      spans: [{ start, stop: start + 10_000 }],
      take: (chunk: StoredChunk) => void taken.set(start, chunk),
    }));
    const own = { name: "", ...wantedPart(raw, [{ start: 50_000, stop: 100_000 }])! };
    const { spans } = own;
    const options = { guess: new FrameGuess(1), buffers: fresh, most: 1e9, beside };
    Object.assign(store, { pace: () => ({ latency: 20, bandwidth: 10_000 }) });
    const found = await readSome(store, "u/0", raw, own, options);
    expect(isSame(found!.values, values.subarray(spans[0]!.start, spans[0]!.stop))).toBe(true);
    expect([...taken.keys()]).toEqual([110_000]);
    expect(isSame(taken.get(110_000)!.values, values.subarray(110_000, 120_000))).toBe(true);
    expect(store.asked).toEqual([`u/0 ${4 * spans[0]!.start}+${4 * (120_000 - spans[0]!.start)}`]);
  });

  it("asks again where the blocks of a frame lie later than those of the others", async () => {
    const fields = [field(0, 16), field(1, 1), field(2, 16)];
    const { read } = open(fields.map(bloscFrame));
    const requests: number[] = [];
    for (const [i, values] of fields.entries()) {
      const one = await read(i, 150_000, 250_000);
      expect(one.values).toEqual(values.subarray(150_000, 250_000));
      requests.push(one.requests.length);
    }
    expect(requests).toEqual([1, 2, 1]);
  });

  it("takes a frame that ends before what was asked for", async () => {
    const fields = [field(0, 1), field(1, 4096)];
    const { read } = open(fields.map(bloscFrame));
    for (const [i, values] of fields.entries()) {
      expect((await read(i, 0, 300_000)).values).toEqual(values.subarray(0, 300_000));
    }
  });

  it("asks for header and blocks apart where what lies before them takes longer than a request", async () => {
    const fields = [field(0, 4), field(1, 4)];
    const frames = fields.map(bloscFrame);
    const { store, read } = open(frames);
    Object.assign(store, { pace: () => ({ latency: 0.001, bandwidth: 1e5 }) });
    await read(0, 900_000, 1_000_000);
    const { values, requests, bytes } = await read(1, 900_000, 1_000_000);
    expect(values).toEqual(fields[1]!.subarray(900_000, 1_000_000));
    expect(requests).toHaveLength(2);
    expect(bytes).toBeLessThan(0.3 * frames[1]!.length);
  });

  it("reads the whole of a server that knows no ranges", async () => {
    const fields = [field(0, 16), field(1, 16)];
    const { store, read } = open(fields.map(bloscFrame));
    await read(0, 150_000, 250_000);
    store.getRange = async (key) => {
      throw storeFault("memory", key, "200 (the whole object) found, 206 expected", new HttpStatus(200));
    };
    expect((await read(1, 150_000, 250_000)).values).toEqual(fields[1]!.subarray(150_000, 250_000));
  });

  it("finds its place in the whole of a raw chunk, of a server that knows no ranges", async () => {
    const values = field(0, 16);
    const store = memoryStore({ "u/0": new Uint8Array(values.buffer) });
    store.getRange = async (key) => {
      throw storeFault("memory", key, "200 (the whole object) found, 206 expected", new HttpStatus(200));
    };
    // As over HTTP, where the length of an object is known with it.
    const { get } = store;
    store.get = async (...asked) => {
      const whole = await get(...asked);
      return whole && { ...whole, total: whole.bytes.length };
    };
    const raw = decoderV2({ dtype: "<f4", compressor: null, filters: null, order: "C", chunks: [count] });
    const span = { start: 150_000, stop: 250_000 };
    const wanted = { name: "", ...wantedPart(raw.parts!, [span])! };
    const options = { guess: new FrameGuess(1), buffers: fresh, most: 1e9 };
    const found = await readSome(store, "u/0", raw.parts!, wanted, options);
    expect(found?.values.slice(0, 3)).toEqual(values.slice(span.start, span.start + 3));
    expect(found?.values.at(-1)).toBe(values[span.stop - 1]);
  });

  it("says how many bytes came, not how many of them were needed", async () => {
    const frames = [field(0, 8), field(1, 8)].map(bloscFrame);
    const { arrivals, read } = open(frames);
    const { bytes } = await read(0, 900_000, 1_000_000);
    expect(bytes).toBe(frames[0]!.length);
    expect(arrivals).toEqual([bytes]);
  });

  it("gives back what was read of a file that is given up before it is closed", async () => {
    const frame = bloscFrame(field(0, 16));
    const buffers = countedBuffers();
    const store = memoryStore({});
    store.opened = async (_key, work) => {
      const read = async (from: number, to: number) => {
        const bytes = buffers.take(to - from);
        bytes.set(frame.subarray(from, to));
        return bytes;
      };
      await work({ total: frame.length, version: "1", read, release: buffers.give });
      throw new Error("given up");
    };
    const options = { guess: new FrameGuess(8), buffers, most: 1e9 };
    await expect(readSome(store, "u/0", decoder, part(150_000, 250_000), options)).rejects.toThrow(
      "given up",
    );
    expect([buffers.taken > 0, buffers.out, buffers.faults]).toEqual([true, 0, []]);
  });

  it("knows where blocks lie, however many there are", () => {
    const blocks = 300_000;
    const guess = new FrameGuess(blocks);
    const from = Uint32Array.from({ length: blocks }, (_, i) => headOf(blocks) + 100 * i);
    const header = { blocks, blocksize: 128 } as BloscHeader;
    guess.learn(header, { from, to: from.map((at) => at + 100) }, from.at(-1)! + 100);
    expect(guess.reach(128, 128 * blocks)?.from).toBe(from[1]);
  });

  it("says undefined for what is not there, and refuses what changes in between", async () => {
    const fields = [field(0, 16), field(1, 1)];
    const { store, read } = open(fields.map(bloscFrame));
    expect((await read(7, 0, 1000)).values).toBeUndefined();
    await read(0, 150_000, 250_000);
    const { getRange } = store;
    store.getRange = async (...asked) => {
      const found = await getRange(...asked);
      store.version = "2";
      return found;
    };
    await expect(read(1, 150_000, 250_000)).rejects.toThrow(/u\/1: .*changed while it was read/);
  });
});
