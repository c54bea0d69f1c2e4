/** LZ4 and BloscLZ streams and the shuffles: WebAssembly and scalar code give the same bytes, and refuse the same. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bitUnshuffle, bitUnshuffleScalar } from "../../../src/sources/codecs/bitUnshuffle.ts";
import { blosclzBlock } from "../../../src/sources/codecs/blosclz.ts";
import { unshuffleTiles } from "../../../src/sources/codecs/bloscTiles.ts";
import { bloscRoom } from "../../../src/sources/codecs/bloscWasm.ts";
import { decoderV2 } from "../../../src/sources/codecs/chain.ts";
import { lz4Block } from "../../../src/sources/codecs/lz4.ts";
import { unshuffle, unshuffleScalar } from "../../../src/sources/codecs/unshuffle.ts";
import { inWasm } from "./bloscWasm.ts";
import { blosclzStream, lz4Stream, sequences } from "./lz4Sequences.ts";

const codecs = [
  ["lz4", lz4Block, lz4Stream],
  ["blosclz", blosclzBlock, blosclzStream],
] as const;

describe.each(codecs)("%s", (name, scalarBlock, encode) => {
  const scalar = (source: Uint8Array, bytes: number): Uint8Array | undefined => {
    const out = new Uint8Array(bytes);
    try {
      scalarBlock(source, 0, source.length, out, 0, bytes);
      return out;
    } catch (error) {
      expect((error as { tag?: string }).tag).toBe("Codec");
      return undefined;
    }
  };

  it("decodes any sequences, in both ways", () => {
    let long = 0;
    fc.assert(
      fc.property(sequences, fc.constantFrom("source", "output"), (all, atEnd) => {
        const { stream, decoded } = encode(all);
        if (decoded.length > 4_000) long++;
        expect(Buffer.compare(scalar(stream, decoded.length)!, decoded)).toBe(0);
        expect(Buffer.compare(inWasm(name, stream, decoded.length, atEnd)!, decoded)).toBe(0);
      }),
      { seed: 5, numRuns: 400 },
    );
    expect(long).toBeGreaterThan(50);
  });

  it("keeps to its regions however long the sequences near the end are", () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => 3 * i);
    for (const literals of [0, 1, 13, 14, 15, 31, 32, 64]) {
      for (const length of [4, 8, 9, 16, 17, 19, 40]) {
        for (let count = 0; count < 12; count++) {
          for (const last of [1, 2, 5, 14, 15, 16, 17, 31, 32, 33]) {
            const one = { literals: bytes.subarray(0, literals), distance: 13 + (count % 7), length };
            const { stream, decoded } = encode([Array(count).fill(one), bytes.subarray(0, last)]);
            for (const less of [7, 30, 45, 90]) {
              const bytes = decoded.length - less;
              if (bytes > 0) expect(inWasm(name, stream, bytes, "output")).toBeUndefined();
            }
            for (const atEnd of ["source", "output"] as const) {
              const got = inWasm(name, stream, decoded.length, atEnd);
              if (got === undefined || Buffer.compare(got, decoded) !== 0) {
                expect.fail(
                  `${count} times ${literals} literals and ${length} bytes, then ${last}, ${atEnd}`,
                );
              }
            }
          }
        }
      }
    }
  });

  it("refuses a byte more, a byte less, and any end of the stream, in both ways", () => {
    fc.assert(
      fc.property(sequences, fc.nat(), (all, at) => {
        const { stream, decoded } = encode(all);
        for (const bytes of [decoded.length - 1, decoded.length + 1]) {
          expect(scalar(stream, bytes)).toBeUndefined();
          expect(inWasm(name, stream, bytes, "output")).toBeUndefined();
        }
        const cut = stream.subarray(0, at % stream.length);
        expect(scalar(cut, decoded.length)).toBeUndefined();
        expect(inWasm(name, cut, decoded.length, "source")).toBeUndefined();
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it("is not led astray by lengths above 2^31", () => {
    const source = new Uint8Array(2_000_000).fill(255);
    source.set(name === "lz4" ? [0x1f, 1, 1, 0] : [0, 1, 0xe0]);
    for (const bytes of [100, 1_000_000]) {
      expect(scalar(source, bytes)).toBeUndefined();
      expect(inWasm(name, source, bytes, "output")).toBeUndefined();
    }
  });
});

describe("shuffles", () => {
  const widths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 31, 255];
  const random = (length: number) =>
    Uint8Array.from({ length }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);
  const ways = [
    ["byte", unshuffle, unshuffleScalar],
    ["bit", bitUnshuffle, bitUnshuffleScalar],
  ] as const;

  it.each(ways)("%s: the same in both ways, for any width and length", (_, fast, scalar) => {
    const sizes = fc.oneof(fc.nat(70), fc.nat(5_000));
    fc.assert(
      fc.property(fc.constantFrom(...widths), sizes, fc.nat(20), (width, elements, rest) => {
        const source = random(elements * width + (rest % width));
        const [one, other] = [new Uint8Array(source.length + 9), new Uint8Array(source.length + 9)];
        fast(source, one, 4, width);
        scalar(source, other, 4, width);
        expect(Buffer.compare(one, other)).toBe(0);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it.each(ways)("%s: across tiles", (_, fast, scalar) => {
    for (const width of widths) {
      for (const bytes of [131_072, 140_000 + 8 * width]) {
        const source = random(Math.floor(bytes / width / 8) * 8 * width + (width >> 1));
        const [one, other] = [new Uint8Array(source.length), new Uint8Array(source.length)];
        fast(source, one, 0, width);
        scalar(source, other, 0, width);
        expect(Buffer.compare(one, other), `width ${width}`).toBe(0);
      }
    }
  });

  it("are undone in WebAssembly, which is there", () => {
    expect(unshuffleTiles("byte", random(40), new Uint8Array(40), 0, 4)).toBe(true);
    expect(unshuffleTiles("bit", random(32), new Uint8Array(32), 0, 4)).toBe(true);
    expect(unshuffleTiles("byte", random(600), new Uint8Array(600), 0, 300)).toBe(false);
  });

  it("read no byte behind the planes and write none behind the elements", () => {
    const { u8, i32, run, table, places, temporary, tile } = bloscRoom(100_000)!;
    for (const width of widths) {
      for (const elements of [8, 16, 24, 120, 136, 200]) {
        const source = random(elements * width);
        // The last plane ends where the memory ends.
        const planes = u8.length - source.length;
        for (const [bit, scalar] of [
          [false, unshuffleScalar],
          [true, bitUnshuffleScalar],
        ] as const) {
          u8.set(source, planes);
          for (let i = 0; i < width; i++) i32[(table >> 2) + i] = planes + i * elements;
          u8.fill(0xa5, tile, tile + source.length + 64);
          if (bit) run.bitUnshuffle(table, width, elements / 8, 0, elements, temporary, places, tile);
          else run.unshuffle(table, width, 0, elements, tile);
          const wanted = new Uint8Array(source.length);
          scalar(source, wanted, 0, width);
          expect(Buffer.compare(u8.subarray(tile, tile + source.length), wanted)).toBe(0);
          const behind = u8.subarray(tile + source.length, tile + source.length + 64);
          expect(
            behind.every((byte) => byte === 0xa5),
            `width ${width}, ${elements} elements`,
          ).toBe(true);
        }
      }
    }
  });
});

describe("numcodecs' lz4", () => {
  it.each([
    [1_000, true],
    [9_000_000, false],
  ])("decodes a chunk of %i bytes, in the room: %s", (bytes, fits) => {
    // A literal, a match that repeats it, a literal.
    const more = bytes - 2 - 19;
    const stream = [0x1f, 9, 1, 0, ...Array(Math.floor(more / 255)).fill(255), more % 255, 0x10, 5];
    const encoded = new Uint8Array(4 + stream.length);
    new DataView(encoded.buffer).setUint32(0, bytes, true);
    encoded.set(stream, 4);
    const meta = { dtype: "|u1", chunks: [bytes], filters: null, order: "C" } as const;
    const compressor: object = { id: "lz4" };
    const decoded = decoderV2({ ...meta, compressor }).decode(encoded) as Uint8Array;
    expect(Buffer.compare(decoded, new Uint8Array(bytes).fill(9).fill(5, bytes - 1))).toBe(0);
    expect(bloscRoom(encoded.length + bytes) !== undefined).toBe(fits);
  });
});
