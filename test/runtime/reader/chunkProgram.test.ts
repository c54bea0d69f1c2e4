/** What a reader reads is what is read without one: to the byte, with its version, and the encoded bytes of it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { ChunkPart } from "../../../src/sources/storedArray.ts";
import { seeded } from "../../sources/codecs/mutation.ts";
import { type Blosc1, type Form, temporaryFolder, writeFormed } from "./formedStore.ts";
import { arenaBuffers, difference, openArray, outOf, saidOf } from "./readAlike.ts";
import { readerHere } from "./readerHere.ts";

/** Below this many bytes a chunk is no buffer of the pool. */
const leastPooled = 32_768;

/** Reads chunks and parts one after the other with a reader and without; how many the reader gave, of how many. */
const compare = async (
  form: Form,
  seed: number,
): Promise<{ readonly given: number; readonly parts: number }> => {
  using folder = temporaryFolder();
  const { places } = await writeFormed(folder.path, form);
  await using here = readerHere();
  const pool = arenaBuffers(here);
  const plain = await openArray(folder.path);
  const array = await openArray(folder.path, here.reader);
  await here.ready();
  const random = seeded(seed);
  const below = (n: number) => Math.floor(random() * n);
  const count = array.chunkShape.reduce((product, length) => product * length, 1);
  const pieceOf = (): ChunkPart | undefined => {
    const cuts = Array.from({ length: 2 * (1 + below(3)) }, () => below(count)).sort((a, b) => a - b);
    const spans = cuts.flatMap((start, i) => (i % 2 === 0 ? [{ start, stop: cuts[i + 1]! + 1 }] : []));
    return array.part?.(spans.filter(({ start }, i) => i === 0 || start > spans[i - 1]!.stop));
  };
  const partOf = () => {
    const part = pieceOf();
    return part !== undefined && part.bytes < leastPooled && random() < 0.8 ? pieceOf() : part;
  };
  let [should, parts] = [0, 0];
  /** Where the last blocks lay is known to whoever read them: it says how much of a frame is read for its head. */
  let isAlone = true;
  for (let round = 0; round < 3; round++) {
    for (const [i, coords] of places.entries()) {
      const part = round === 0 ? undefined : partOf();
      const said = await saidOf(array, coords, { part, buffers: pool });
      const wanted = await saidOf(plain, coords, { part, buffers: pool });
      const where = `${JSON.stringify(form)}: chunk ${coords}, part ${part?.name}`;
      expect(wanted.error, where).toBeUndefined();
      expect(wanted.values === undefined, where).toBe(i === form.absent);
      const isGiven = i !== form.absent && (part?.bytes ?? array.chunkBytes) >= leastPooled;
      if (part !== undefined && !isGiven) isAlone = false;
      const told = isAlone ? {} : { arrived: [] };
      expect(difference({ ...said, ...told }, { ...wanted, ...told }), where).toBeUndefined();
      if (isGiven) should += 1;
      if (isGiven && part !== undefined) parts += 1;
    }
  }
  expect(here.answered, JSON.stringify(form)).toBe(should);
  expect(outOf(pool), JSON.stringify(form)).toBe(0);
  pool.trim();
  expect([pool.resident, pool.free]).toEqual([0, 0]);
  return { given: should, parts };
};

const blosc = (cname: Blosc1["cname"], shuffle: Blosc1["shuffle"], blocksize = 16_384): Blosc1 => ({
  ...{ cname, shuffle, blocksize },
});

const square = [250, 200] as const;
const known: readonly (readonly [string, Form, parts: boolean])[] = [
  ["raw", { format: 2, type: "f4", chunk: square }, true],
  ["raw, read by other threads", { format: 3, type: "f8", chunk: [300, 250] }, true],
  ["raw, the other byte order", { format: 2, type: "f4", big: true, chunk: square }, true],
  ["halves", { format: 2, type: "f2", chunk: [300, 250], codec: blosc("lz4", 1) }, true],
  ["halves, the other byte order", { format: 3, type: "f2", big: true, chunk: [300, 250] }, true],
  ["lz4", { format: 2, type: "f4", chunk: square, codec: blosc("lz4", 0) }, true],
  ["lz4, bytes shuffled", { format: 3, type: "f4", chunk: square, codec: blosc("lz4", 1) }, true],
  ["lz4, bits shuffled", { format: 2, type: "f4", chunk: square, codec: blosc("lz4", 2) }, true],
  ["lz4, large blocks", { format: 2, type: "f8", chunk: [400, 300], codec: blosc("lz4", 1, 262_144) }, true],
  [
    "lz4 that packs nothing",
    { format: 2, type: "f4", chunk: square, codec: blosc("lz4", 1), noise: 1 },
    true,
  ],
  [
    "lz4 in the other byte order",
    { format: 2, type: "f8", big: true, chunk: square, codec: blosc("lz4", 1) },
    true,
  ],
  ["blosclz", { format: 2, type: "i2", chunk: [400, 300], codec: blosc("blosclz", 1) }, true],
  ["zstd in blosc", { format: 3, type: "f4", chunk: square, codec: blosc("zstd", 1) }, true],
  ["zstd", { format: 2, type: "f4", chunk: square, codec: "zstd" }, false],
  [
    "zstd of as many bytes as there are without",
    { format: 2, type: "f4", chunk: square, codec: "zstd", isPadded: true },
    false,
  ],
  ["zstd of another version", { format: 3, type: "f8", chunk: square, codec: "zstd" }, false],
  ["gzip", { format: 3, type: "f4", chunk: square, codec: "gzip" }, false],
  ["gzip that packs nothing", { format: 2, type: "i2", chunk: square, codec: "gzip", noise: 1 }, false],
  [
    "shards",
    { format: 3, type: "f4", chunk: [120, 130], inShard: 3, shape: [500, 131], codec: blosc("lz4", 1) },
    false,
  ],
  [
    "shards of raw chunks",
    { format: 3, type: "i2", chunk: [120, 150], inShard: 2, shape: [481, 151] },
    false,
  ],
  [
    "scale and offset",
    { format: 2, type: "f4", chunk: square, filter: "fixedscaleoffset", codec: "zstd" },
    false,
  ],
  ["delta", { format: 2, type: "i2", chunk: [300, 250], filter: "delta", codec: blosc("lz4", 1) }, false],
  ["astype", { format: 2, type: "f8", chunk: square, filter: "astype", codec: "gzip" }, false],
  [
    "a chunk that is not there",
    { format: 2, type: "f4", chunk: square, codec: blosc("lz4", 1), absent: 1 },
    true,
  ],
  [
    "a chunk of a shard that is not there",
    { format: 3, type: "f4", chunk: [120, 130], inShard: 2, absent: 0 },
    false,
  ],
];

it.each(known)("%s", async (_, form, hasParts) => {
  const { given, parts } = await compare(form, 5);
  expect(given).toBeGreaterThan(0);
  expect(parts > 0).toBe(hasParts);
});

it("any form", async () => {
  const codec = fc.oneof(
    fc.constantFrom(undefined, "zstd" as const, "gzip" as const),
    fc.record({
      cname: fc.constantFrom("lz4" as const, "zstd" as const, "blosclz" as const),
      shuffle: fc.constantFrom(0 as const, 1 as const, 2 as const),
      blocksize: fc.constantFrom(0, 4096, 30_000, 65_536),
    }),
  );
  const chunk = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 100, max: 300 }));
  const common = {
    type: fc.constantFrom("f2" as const, "f4" as const, "f8" as const, "i2" as const),
    ...{ big: fc.boolean(), chunk, noise: fc.constantFrom(0, 0.1, 1), seed: fc.nat(1000) },
    absent: fc.constantFrom(-1, -1, 0, 2),
  };
  const forms = fc.oneof(
    fc.record({ format: fc.constant(2 as const), codec, ...common }),
    fc.record({
      format: fc.constant(3 as const),
      inShard: fc.constantFrom(undefined, 1, 2, 3),
      ...{ codec, ...common },
    }),
  );
  let [given, parts] = [0, 0];
  await fc.assert(
    fc.asyncProperty(forms, fc.nat(1000), async ({ codec, ...form }, seed) => {
      const { inShard, ...rest } = { inShard: undefined, ...form };
      const asked = { ...rest, ...(codec && { codec }), ...(inShard && { inShard }) };
      const found = await compare(asked, seed);
      given += found.given;
      parts += found.parts;
    }),
    { numRuns: process.env.EWB_SOAK === "1" ? 2000 : 60, seed: 11 },
  );
  expect(Math.min(given, parts)).toBeGreaterThan(20);
});
