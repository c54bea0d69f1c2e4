import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decoderV2, decoderV3 } from "../../../src/sources/codecs/chain.ts";
import { CodecError } from "../../../src/sources/codecs/codecError.ts";
import { bytesOf, faultOf } from "./buffers.ts";

const plain = { compressor: null, filters: null, order: "C" } as const;
const little = { name: "bytes", configuration: { endian: "little" } };

describe("element types", () => {
  it.each([
    ["|b1", Uint8Array, "01", [1]],
    ["|i1", Int8Array, "ff", [-1]],
    ["<i2", Int16Array, "feff", [-2]],
    [">i2", Int16Array, "fffe", [-2]],
    [">u2", Uint16Array, "0102", [258]],
    [">i4", Int32Array, "00000001", [1]],
    ["<u4", Uint32Array, "ffffffff", [4294967295]],
    [">i8", BigInt64Array, "fffffffffffffffe", [-2n]],
    ["<u8", BigUint64Array, "ffffffffffffffff", [18446744073709551615n]],
    [">f4", Float32Array, "3fc00000", [1.5]],
    [">f8", Float64Array, "3ff8000000000000", [1.5]],
    ["<f8", Float64Array, "000000000000f83f", [1.5]],
    ["<f2", Float32Array, "003c01800004ff7b00fc", [1, -(2 ** -24), 0.00006103515625, 65504, -Infinity]],
    [">f2", Float32Array, "c000", [-2]],
    ["<M8[ns]", BigInt64Array, "0000000000000080", [-9223372036854775808n]],
    [">m8[25s]", BigInt64Array, "0000000000000002", [2n]],
  ])("%s", (dtype, array, hex, values) => {
    const decoder = decoderV2({ ...plain, dtype, chunks: [values.length] });
    const decoded = decoder.decode(new Uint8Array(Buffer.from(hex, "hex")));
    expect(decoded).toBeInstanceOf(array);
    expect([...decoded]).toEqual(values);
    expect(decoder.bytes).toBe(decoded.byteLength);
  });

  it("keeps the unit of times", () => {
    expect(decoderV2({ ...plain, dtype: "<M8[25s]", chunks: [1] }).elementType).toEqual({
      name: "datetime64",
      bytes: 8,
      bigEndian: false,
      unit: "25s",
    });
    const dataType = { name: "numpy.timedelta64", configuration: { unit: "h", scale_factor: 6 } };
    expect(decoderV3({ dataType, codecs: [little], chunkShape: [1] }).elementType).toMatchObject({
      name: "timedelta64",
      unit: "6h",
    });
  });

  it("decodes each of the 65536 halves", () => {
    const halves = Uint16Array.from({ length: 65536 }, (_, i) => i);
    const singles = decoderV2({ ...plain, dtype: "<f2", chunks: [65536] }).decode(bytesOf(halves));
    for (let half = 0; half < 65536; half++) {
      const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
      const size =
        exponent === 31
          ? fraction === 0
            ? Infinity
            : NaN
          : exponent === 0
            ? fraction * 2 ** -24
            : (1024 + fraction) * 2 ** (exponent - 25);
      if (!Object.is(singles[half], half >> 15 === 1 ? -size : size))
        expect.fail(`half ${half}: ${singles[half]}`);
    }
  });

  it("reads from any offset of a larger buffer", () => {
    const bytes = new Uint8Array(33);
    bytes.set(bytesOf(Float64Array.of(1, 2, 3)), 5);
    const decoder = decoderV2({ ...plain, dtype: "<f8", chunks: [3] });
    expect([...decoder.decode(bytes.subarray(5, 29))]).toEqual([1, 2, 3]);
    expect([...decoder.decode(Buffer.from(bytes.buffer, 5, 24))]).toEqual([1, 2, 3]);
  });

  it.each([
    "<f3",
    "<i16",
    "<c8",
    "|S8",
    "<U4",
    "|V16",
    "|O",
    "O",
    "<M8",
    "<M8[parsec]",
    "f",
    "",
    null,
    4,
    [["a", "<f4"]],
  ])("refuses dtype %j", (dtype) => {
    const fault = faultOf(() => decoderV2({ ...plain, dtype, chunks: [1] }));
    expect(fault.message).toContain(JSON.stringify(dtype));
  });
});

describe("chunk shapes", () => {
  it.each([[[0]], [[-1]], [[1.5]], [[Number.NaN]], [[65536, 65536]], [["8"]]])("refuses %j", (chunks) => {
    expect(faultOf(() => decoderV2({ ...plain, dtype: "<f4", chunks: chunks as number[] })).codec).toBe(
      "chunk shape",
    );
  });

  it("takes an array without dimensions", () => {
    expect([...decoderV2({ ...plain, dtype: "|u1", chunks: [] }).decode(Uint8Array.of(7))]).toEqual([7]);
  });
});

describe("axes", () => {
  it("gathers what any transposition scattered", () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    const cases = shapes.chain((shape) => {
      const axes = shape.map((_, i) => i);
      return fc.tuple(
        fc.constant(shape),
        fc.shuffledSubarray(axes, { minLength: axes.length }),
        fc.constantFrom("uint8", "uint16", "float32", "float64"),
      );
    });
    fc.assert(
      fc.property(cases, ([shape, order, dataType]) => {
        const count = shape.reduce((a, b) => a * b, 1);
        const arrays = {
          uint8: Uint8Array,
          uint16: Uint16Array,
          float32: Float32Array,
          float64: Float64Array,
        };
        const stored = new arrays[dataType](count);
        // The value of each element is its index in C order of the chunk.
        const storedShape = order.map((axis) => shape[axis]!);
        for (let at = 0; at < count; at++) {
          const index: number[] = [];
          let rest = at;
          for (let i = storedShape.length - 1; i >= 0; i--) {
            index[order[i]!] = rest % storedShape[i]!;
            rest = Math.floor(rest / storedShape[i]!);
          }
          stored[at] = shape.reduce((sum, length, axis) => sum * length + index[axis]!, 0);
        }
        const codecs = [{ name: "transpose", configuration: { order } }, little];
        const decoded = decoderV3({ dataType, codecs, chunkShape: shape }).decode(bytesOf(stored));
        expect([...decoded]).toEqual(
          Array.from({ length: count }, (_, i) => (dataType === "uint8" ? i & 255 : i)),
        );
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it.each([[[0, 0]], [[0]], [[1, 2]], ["K"], [undefined]])("refuses order %j", (order) => {
    const codecs = [{ name: "transpose", configuration: { order } }, little];
    const fault = faultOf(() => decoderV3({ dataType: "float32", codecs, chunkShape: [2, 3] }));
    expect(fault.codec).toBe("transpose");
  });

  it("refuses a Zarr 2 order that is none", () => {
    const fault = faultOf(() => decoderV2({ ...plain, order: "A" as "C", dtype: "<f4", chunks: [2, 2] }));
    expect(fault.message).toBe('order: "A" found, C or F expected');
  });
});

describe("chains", () => {
  it.each([
    [[], "codecs: [] found"],
    [["crc32c"], "crc32c: the codec before bytes found"],
    [[little, little], "bytes: the codec behind bytes found"],
    [
      [little, { name: "transpose", configuration: { order: [0] } }],
      "transpose: the codec behind bytes found",
    ],
    [[{ name: "bytes" }], "bytes: endian absent found, little or big expected"],
    [[{ name: "sharding_indexed" }], "sharding_indexed: an unknown codec found"],
    [[little, { name: "bz2" }], "bz2: an unknown codec found"],
    [[little, { name: "numcodecs.lzma" }], "numcodecs.lzma: an unknown codec found"],
    [[little, { name: "constructor" }], "constructor: an unknown codec found"],
    [[little, { name: "shuffle", configuration: { elementsize: 0 } }], "shuffle: elementsize 0 found"],
  ])("refuses %j", (codecs, message) => {
    expect(faultOf(() => decoderV3({ dataType: "float32", codecs, chunkShape: [4] })).message).toContain(
      message,
    );
  });

  it.each([[{ id: "pickle" }], [{ id: "transpose" }], [{}]])("refuses the Zarr 2 filter %j", (filter) => {
    const meta = { ...plain, filters: [filter], dtype: "<f4", chunks: [4] };
    expect(faultOf(() => decoderV2(meta)).message).toContain("an unknown codec found, one of adler32");
  });

  it("takes a compressor within a compressor, each held to its bound", () => {
    const values = bytesOf(Float32Array.from({ length: 1000 }, (_, i) => i));
    const codecs = [little, "gzip", "gzip"];
    const decoder = decoderV3({ dataType: "float32", codecs, chunkShape: [1000] });
    expect(decoder.decode(gzipSync(gzipSync(values)))[999]).toBe(999);
    const bomb = gzipSync(new Uint8Array(1e7));
    expect(faultOf(() => decoder.decode(bomb)).message).toMatch(/^gzip: more than \d{4} bytes found/);
  });

  it("has errors with a tag and three texts", () => {
    const decoder = decoderV2({ ...plain, dtype: "<f4", chunks: [12, 8, 8] });
    const fault = faultOf(() => decoder.decode(new Uint8Array(1536)));
    expect(fault).toBeInstanceOf(CodecError);
    expect(fault).toMatchObject({ tag: "Codec", codec: "raw", found: "1536 bytes", expected: "3072" });
    expect(fault.message).toBe("raw: 1536 bytes found, 3072 expected");
  });
});
