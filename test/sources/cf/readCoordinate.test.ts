import { describe, expect, it } from "vitest";
import { readCoordinate } from "../../../src/sources/cf/readCoordinate.ts";
import type { StoredArray, StoredChunk } from "../../../src/sources/storedArray.ts";

const pause = () => new Promise((resolve) => setImmediate(resolve));

/** An axis in chunks of one value, and how many of them were asked for, at once at most. */
const axis = (count: number, chunk: (i: number) => Promise<StoredChunk | undefined>) => {
  const seen = { asked: 0, now: 0, most: 0 };
  const array: StoredArray = {
    ...{ name: "time", dims: ["time"], shape: [count], chunkShape: [1], attributes: {}, dataType: "int32" },
    ...{ fill: null, chunkBytes: 4, encodedBytes: 4 },
    chunkId: (coords) => coords.join("."),
    async chunk([i]) {
      seen.asked += 1;
      seen.most = Math.max(seen.most, ++seen.now);
      await pause();
      seen.now -= 1;
      return chunk(i!);
    },
  };
  return { array, seen };
};

const held = async (i: number) => ({ values: Int32Array.of(i), version: "1" });

describe("a coordinate in many chunks", () => {
  it("is read side by side, each chunk once, in its order", async () => {
    const { array, seen } = axis(3000, held);
    const { values, warning } = await readCoordinate("store", array);
    expect(values).toEqual(Int32Array.from({ length: 3000 }, (_, i) => i));
    expect(warning).toMatch(/store: time lies in 3000 chunks/);
    expect(seen).toEqual({ asked: 3000, now: 0, most: 256 });
    expect((await readCoordinate("store", axis(30, held).array)).warning).toBeUndefined();
  });

  it("is given up at the first chunk that fails", async () => {
    const { array, seen } = axis(3000, async (i) => (i === 7 ? undefined : held(i)));
    await expect(readCoordinate("store", array)).rejects.toThrow(/chunk 7 of the coordinate time is absent/);
    expect(seen.asked).toBeLessThan(600);
    expect(seen.now).toBe(0);
  });
});
