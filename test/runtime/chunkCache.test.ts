import { describe, expect, test } from "vitest";
import { pooledSize } from "../../src/kernels/pooledSize.ts";
import type { ChunkCost } from "../../src/model/chunk.ts";
import { chunkCache, type Fetched } from "../../src/runtime/chunkCache.ts";
import type { StoredChunk } from "../../src/sources/storedArray.ts";
import { countedBuffers } from "./countedBuffers.ts";

const costOf = (id: string, bytes = 100, encoded = 40, array = "a"): ChunkCost => ({
  id,
  bytes,
  encoded,
  array,
});
const [a, b, c] = ["a", "b", "c"].map((id) => costOf(id)) as [ChunkCost, ChunkCost, ChunkCost];

const setUp = () => {
  const buffers = countedBuffers();
  const fetched: Fetched[] = [];
  const chunks = chunkCache(buffers, (one) => void fetched.push(one));
  const reads: string[] = [];
  /** A read that comes when it is told to. */
  const reader = (cost: ChunkCost, encoded = 10) => {
    let resolve!: (found: boolean) => void;
    let reject!: (error: unknown) => void;
    const coming = new Promise<boolean>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    const load = async (arrived: (encoded: number) => void): Promise<StoredChunk | undefined> => {
      reads.push(cost.id);
      if (!(await coming)) return undefined;
      arrived(encoded);
      const buffer = buffers.take(cost.bytes).fill(7);
      return { values: buffer, version: "1", buffer };
    };
    return { load, come: () => resolve(true), absent: () => resolve(false), fail: (e: unknown) => reject(e) };
  };
  const there = async (cost: ChunkCost, encoded = 10) => {
    const { load, come } = reader(cost, encoded);
    come();
    return chunks.get(cost, load);
  };
  return { buffers, chunks, fetched, reads, reader, there };
};

describe("chunkCache", () => {
  test("a chunk is charged once, encoded bytes until it is there, and is a cache when nobody holds it", async () => {
    const { chunks, there, buffers } = setUp();
    expect(chunks.missing([a, b])).toBe(280);
    chunks.hold([a]);
    chunks.hold([a, b]);
    expect([chunks.held, chunks.cached, chunks.missing([a, b, c])]).toEqual([280, 0, 140]);
    await there(a);
    expect(chunks.held).toBe(240);
    chunks.release([a]);
    expect([chunks.held, chunks.cached]).toEqual([240, 0]);
    chunks.release([a, b]);
    expect([chunks.held, chunks.cached, chunks.reused([a, b])]).toEqual([0, 100, 100]);
    chunks.hold([a]);
    expect([chunks.held, chunks.cached, chunks.reused([a]), buffers.out]).toEqual([100, 0, 0, 1]);
  });

  test("reads in flight are joined, and what is there is not read again", async () => {
    const { chunks, reader, reads } = setUp();
    chunks.hold([a]);
    chunks.hold([a]);
    const { load, come } = reader(a);
    const both = [chunks.get(a, load), chunks.get(a, load)];
    come();
    const [one, two] = await Promise.all(both);
    expect(one).toBe(two);
    chunks.release([a]);
    chunks.release([a]);
    chunks.hold([a]);
    expect(await chunks.get(a, load)).toBe(one);
    expect(reads).toEqual(["a"]);
  });

  test("a failed read is not kept: all who joined it hear of it, the next one asks the store again", async () => {
    const { chunks, reader, there, reads } = setUp();
    chunks.hold([a]);
    const { load, fail } = reader(a);
    const both = [chunks.get(a, load), chunks.get(a, load)].map((one) =>
      expect(one).rejects.toThrow("damaged"),
    );
    fail(new Error("damaged"));
    await Promise.all(both);
    expect(chunks.held).toBe(140);
    expect((await there(a))!.values[0]).toBe(7);
    chunks.release([a]);
    expect([chunks.held, chunks.cached]).toEqual([0, 100]);
    expect(reads).toEqual(["a", "a"]);
  });

  test("who joined a read that another one gave up reads it himself", async () => {
    const { chunks, reader, reads, buffers } = setUp();
    chunks.hold([a]);
    chunks.hold([a]);
    chunks.hold([a]);
    const [first, second] = [reader(a), reader(a)];
    const gone = expect(chunks.get(a, first.load)).rejects.toThrow("aborted");
    const others = [chunks.get(a, second.load), chunks.get(a, second.load)];
    chunks.release([a]);
    first.fail(new DOMException("This operation was aborted", "AbortError"));
    second.come();
    await gone;
    expect((await Promise.all(others)).map((chunk) => chunk!.values[0])).toEqual([7, 7]);
    expect([reads, buffers.out, chunks.held]).toEqual([["a", "a"], 1, 100]);
  });

  test("a read that fails or comes when nobody holds its chunk any more leaves nothing, or a cache", async () => {
    const { chunks, reader, buffers } = setUp();
    chunks.hold([a, b]);
    const [first, second] = [reader(a), reader(b)];
    const [bad, good] = [chunks.get(a, first.load), chunks.get(b, second.load)];
    const failed = expect(bad).rejects.toThrow("no");
    chunks.release([a, b]);
    expect([chunks.held, chunks.cached]).toEqual([0, 280]);
    expect(chunks.drop(1000)).toBe(0); // in flight: nothing of it can go
    first.fail(new Error("no"));
    second.come();
    await failed;
    await good;
    expect([chunks.held, chunks.cached, chunks.missing([a])]).toEqual([0, 100, 140]);
    expect(chunks.drop(1)).toBe(100);
    expect([chunks.cached, buffers.out]).toEqual([0, 0]);
  });

  test("a chunk that is absent is known, and costs nothing", async () => {
    const { chunks, reader, reads } = setUp();
    chunks.hold([a]);
    const { load, absent } = reader(a);
    absent();
    expect(await chunks.get(a, load)).toBeUndefined();
    expect([chunks.held, await chunks.get(a, load)]).toEqual([0, undefined]);
    chunks.release([a]);
    expect([chunks.missing([a]), chunks.cached]).toEqual([0, 0]);
    expect(reads).toEqual(["a"]);
  });

  test("drops the longest unused first, wanted ones after all others, those in use and those to keep never", async () => {
    const { chunks, there, buffers } = setUp();
    const many = ["p", "q", "r", "s", "t"].map((id) => costOf(id));
    const [, q, r, s, t] = many as [ChunkCost, ChunkCost, ChunkCost, ChunkCost, ChunkCost];
    chunks.hold(many);
    for (const one of many) await there(one);
    chunks.release([q, r, s, t]);
    chunks.want([q]);
    chunks.hold([r]);
    chunks.release([r]); // the youngest now
    const isThere = (one: ChunkCost) => chunks.missing([one]) === 0;
    const left = () => many.filter(isThere).map(({ id }) => id);
    expect(chunks.drop(50, [t])).toBe(100);
    expect(left()).toEqual(["p", "q", "r", "t"]);
    expect(chunks.drop(100, [t])).toBe(100);
    expect(left()).toEqual(["p", "q", "t"]);
    expect(chunks.drop(1e9, [t])).toBe(100);
    expect(left()).toEqual(["p", "t"]);
    chunks.want([t]);
    chunks.want([t]);
    chunks.unwant([t]);
    expect(chunks.drop(1e9)).toBe(100);
    expect([left(), chunks.held, chunks.cached, buffers.out]).toEqual([["p"], 100, 0, 1]);
    expect(buffers.faults).toEqual([]);
  });

  test("after eight chunks of an array the next is charged a fifth more than the largest, never more than it may be", async () => {
    const { chunks, there, fetched } = setUp();
    const many = Array.from({ length: 10 }, (_, i) => costOf(`${i}`, 100, 80));
    for (const [i, one] of many.slice(0, 8).entries()) {
      expect(chunks.missing([costOf("next", 100, 80)])).toBe(180);
      chunks.hold([one]);
      await there(one, 10 + i);
    }
    // Whole bytes: charges add up to nothing in the end.
    expect(chunks.missing([costOf("next", 100, 80)])).toBe(100 + Math.ceil(1.2 * 17));
    expect(chunks.missing([costOf("next", 100, 15)])).toBe(115);
    expect(chunks.missing([costOf("next", 100, 80, "another array")])).toBe(180);
    expect(fetched.map(({ encoded }) => encoded)).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
    expect(fetched[0]).toMatchObject({ projected: 180, chunk: many[0] });
  });

  test("encoded bytes above what was put aside are charged when they come", async () => {
    const seen: number[] = [];
    const chunks = chunkCache(countedBuffers());
    chunks.hold([b]);
    await chunks.get(b, async (arrived) => {
      arrived(75);
      seen.push(chunks.held);
      return { values: new Uint8Array(100), version: "1" };
    });
    expect([seen, chunks.held]).toEqual([[175], 100]);
  });

  test("says that bytes came free when a chunk is there", async () => {
    const { chunks, there } = setUp();
    const seen: number[] = [];
    chunks.onFreed = () => void seen.push(chunks.held);
    chunks.hold([a]);
    await there(a);
    expect(seen).toEqual([100]);
  });

  test("what is read outside any unit is charged to nobody, keeps no buffer and is not kept", async () => {
    const { chunks, there, buffers, reads } = setUp();
    const chunk = await there(a);
    expect(chunk!.values[99]).toBe(7);
    expect([chunks.held, chunks.cached, buffers.out]).toEqual([0, 0, 0]);
    await there(a);
    expect(reads).toEqual(["a", "a"]);
  });

  test("large chunks are charged with the size of their buffers", () => {
    const { chunks } = setUp();
    const large = costOf("l", 100_001, 50_001);
    expect(chunks.missing([large])).toBe(pooledSize(100_001) + pooledSize(50_001));
    chunks.hold([large]);
    expect(chunks.held).toBe(chunks.missing([costOf("m", 100_001, 50_001)]));
  });

  test("of chunks of local files that no unit waits for few are kept, and more where they are read again", async () => {
    const { chunks, there, reads } = setUp();
    const all = Array.from({ length: 12 }, (_, i) => ({ ...costOf(`n${i}`, 8e6), near: true }));
    const pass = async () => {
      for (const one of all) {
        chunks.hold([one]);
        await there(one);
        chunks.release([one]);
      }
    };
    await pass();
    expect(chunks.cached).toBeLessThanOrEqual(16e6 * 1.13);
    // Each that is read again lets four more stay.
    await pass();
    await pass();
    reads.length = 0;
    await pass();
    expect(reads).toEqual([]);
    expect(chunks.cached).toBe(12 * pooledSize(8e6));
    expect(chunks.drop(Number.POSITIVE_INFINITY)).toBe(12 * pooledSize(8e6));
  });

  test("a chunk that a unit waits for stays, however many there are; one of a web store as well", async () => {
    const { chunks, there } = setUp();
    const near = Array.from({ length: 12 }, (_, i) => ({ ...costOf(`n${i}`, 8e6), near: true }));
    const far = Array.from({ length: 12 }, (_, i) => costOf(`f${i}`, 8e6));
    chunks.want(near);
    for (const one of [...near, ...far]) {
      chunks.hold([one]);
      await there(one);
      chunks.release([one]);
    }
    expect(chunks.cached).toBe(24 * pooledSize(8e6));
    chunks.unwant(near);
    // Taken again, and let go: nobody wants them any more.
    chunks.hold(near);
    chunks.release(near);
    expect(chunks.cached).toBeLessThanOrEqual(12 * pooledSize(8e6) + 16e6);
  });

  test("of a web store more stay that nobody waits for, but not all", async () => {
    const { chunks, there, buffers } = setUp();
    for (let i = 0; i < 40; i++) {
      const one = costOf(`f${i}`, 8e6);
      chunks.hold([one]);
      await there(one);
      chunks.release([one]);
    }
    expect(chunks.cached).toBeGreaterThan(200e6);
    expect(chunks.cached).toBeLessThanOrEqual(256e6);
    expect(buffers.out).toBeLessThan(40);
  });
});

/** A part of chunk `c`: elements [start, stop). */
const partOf = (start: number, stop: number, near = false): ChunkCost => ({
  ...costOf(`c@${start}-${stop}`, 100),
  of: { chunk: "c", spans: [{ start, stop }] },
  near,
});

describe("parts of one chunk", () => {
  const [one, two, three] = [partOf(0, 10), partOf(5, 20), partOf(50, 60)];
  type Load = Parameters<ReturnType<typeof chunkCache>["get"]>[1];

  /** Takes of what is read beside a part as much as it is told to. */
  const taking = () => {
    const made = setUp();
    const asked: string[] = [];
    const load =
      (name: string, takes: (start: number) => boolean, ends: "well" | "absent" | Error = "well"): Load =>
      async (arrived, beside) => {
        asked.push(`${name}+${beside.map(({ spans }) => spans[0]!.start).join(",")}`);
        await Promise.resolve();
        if (ends === "absent") return undefined;
        if (ends !== "well" && beside.length > 0) throw ends;
        const chunk = (fill: number) => {
          const buffer = made.buffers.take(100).fill(fill);
          return { values: buffer, version: "1", buffer };
        };
        for (const { spans, take } of beside) if (takes(spans[0]!.start)) take(chunk(spans[0]!.start));
        arrived(60);
        return chunk(0);
      };
    made.chunks.hasRoom = () => true;
    return { ...made, asked, load };
  };
  const all = () => true;
  const none = () => false;

  test("come with the first that is read, wanted or held, and are charged as if read alone", async () => {
    const { chunks, asked, load, fetched } = taking();
    chunks.want([two]);
    chunks.hold([one, three]);
    const reads = [chunks.get(one, load("one", all)), chunks.get(three, load("three", all))];
    expect((await Promise.all(reads)).map((chunk) => chunk!.values[0])).toEqual([0, 50]);
    expect([chunks.held, chunks.cached]).toEqual([200, 100]);
    chunks.unwant([two]);
    chunks.hold([two]);
    expect((await chunks.get(two, load("two", all)))!.values[0]).toBe(5);
    expect(asked).toEqual(["one+5,50"]);
    expect(fetched.map(({ encoded }) => encoded)).toEqual([60]);
    chunks.release([one, two, three]);
    expect([chunks.held, chunks.cached]).toEqual([0, 300]);
  });

  test("what does not come along, or of which all fails, is read by itself", async () => {
    for (const ends of ["well", new Error("damaged")] as const) {
      const { chunks, asked, load, buffers } = taking();
      chunks.hold([one, two]);
      chunks.want([three]);
      const reads = [chunks.get(one, load("one", none, ends)), chunks.get(two, load("two", none))];
      expect((await Promise.all(reads)).map((chunk) => chunk!.values[0])).toEqual([0, 0]);
      expect(asked.at(0)).toBe("one+5,50");
      expect(asked.filter((one) => one.startsWith("two")).length).toBe(1);
      chunks.release([one, two]);
      chunks.unwant([three]);
      expect([chunks.held, chunks.cached, buffers.out]).toEqual([0, 200, 2]);
    }
  });

  test("are absent together", async () => {
    const { chunks, asked, load } = taking();
    chunks.hold([one, two]);
    expect(await Promise.all([one, two].map((part) => chunks.get(part, load("x", all, "absent"))))).toEqual([
      undefined,
      undefined,
    ]);
    expect([asked.length, chunks.held]).toEqual([1, 0]);
  });

  test("do not come where there is no room, or of a local file", async () => {
    const { chunks, asked, load } = taking();
    chunks.hasRoom = () => false;
    chunks.want([two]);
    chunks.hold([one]);
    await chunks.get(one, load("far", all));
    const near = [partOf(0, 10, true), partOf(5, 20, true), partOf(50, 60, true)] as const;
    const local = taking();
    local.chunks.want(near.slice(1));
    local.chunks.hold([near[0]]);
    await local.chunks.get(near[0], local.load("near", all));
    expect([...asked, ...local.asked]).toEqual(["far+", "near+"]);
    local.chunks.release([near[0]]);
    local.chunks.unwant(near.slice(1));
    expect(local.chunks.held).toBe(0);
  });
});
