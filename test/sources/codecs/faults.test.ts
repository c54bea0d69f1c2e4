import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type ChunkDecoder, decoderV2, decoderV3 } from "../../../src/sources/codecs/chain.ts";
import { describeShared, sharedPath } from "../../shared.ts";
import { faultOf } from "./buffers.ts";

const decoderOf = (folder: string): ChunkDecoder => {
  if (folder.startsWith("v3-")) {
    const array = JSON.parse(readFileSync(`${sharedPath("data", "faults", folder)}/t2m/zarr.json`, "utf8"));
    const chunkShape = array.chunk_grid.configuration.chunk_shape;
    return decoderV3({ dataType: array.data_type, codecs: array.codecs, chunkShape });
  }
  return decoderV2(JSON.parse(readFileSync(`${sharedPath("data", "faults", folder)}/t2m/.zarray`, "utf8")));
};

const chunkOf = (folder: string, number: 0 | 1) => {
  const key = folder.startsWith("v3-") ? `c/${number}/0/0` : `${number}.0.0`;
  return new Uint8Array(readFileSync(`${sharedPath("data", "faults", folder)}/t2m/${key}`));
};

describeShared("damaged chunks", () => {
  it.each([
    ["blosc-truncated", "blosc: a frame of 952 bytes found, 1904 by its header expected"],
    ["blosc-header-size", "blosc: 6144 bytes found, 3072 expected"],
    ["blosc-header-huge", /^blosc: 2\d{9} bytes found, 3072 expected$/],
    ["blosc-flipped-start", /^blosc: format version \d+ found, 2 of a blosc frame expected$/],
    ["blosc-flipped-blocks", /^blosc: block 0 at \d+ found, 20 to \d+ expected$/],
    ["blosc-flipped-payload", /^zstd: .* expected$/],
    ["blosc-short-content", "blosc: 1536 bytes found, 3072 expected"],
    ["blosc-long-content", "blosc: 6144 bytes found, 3072 expected"],
    ["zlib-truncated", "zlib: a stream that ends early found, a stream of 3072 bytes expected"],
    ["zlib-checksum", /^zlib: a corrupt stream \(incorrect data check\) found/],
    ["gzip-checksum", /^gzip: checksum [0-9a-f]+ found, [0-9a-f]+ by the trailer expected$/],
    ["gzip-trailing", "gzip: 16 bytes after the member found, none expected"],
    ["zlib-bomb", "zlib: more than 3072 bytes found, 3072 expected"],
    ["zstd-truncated", /^zstd: a frame that ends early found/],
    ["raw-short", "raw: 3068 bytes found, 3072 expected"],
    ["raw-long", "raw: 3076 bytes found, 3072 expected"],
    ["chunk-empty", /^blosc: 0 bytes found/],
    ["v3-crc32c", /^crc32c: checksum [0-9a-f]+ of 2103 bytes found, [0-9a-f]+ as stored expected$/],
    ["v3-zstd-cut", /^zstd: a frame that ends early found/],
  ])("%s: an error, and the other chunk reads", (folder, message) => {
    const decoder = decoderOf(folder);
    const whole = decoder.decode(chunkOf(folder, 0));
    expect(whole.length).toBe(768);
    expect(whole.every((kelvin) => Number(kelvin) > 250 && Number(kelvin) < 310)).toBe(true);
    const damaged = chunkOf(folder, 1);
    const before = process.memoryUsage();
    const fault = faultOf(() => decoder.decode(damaged));
    const after = process.memoryUsage();
    expect(fault.message).toMatch(message);
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(8e6);
    expect(after.rss - before.rss).toBeLessThan(64e6);
  });

  it("reads a frame made with another typesize: its header counts", () => {
    const decoded = decoderOf("blosc-wrong-typesize").decode(chunkOf("blosc-wrong-typesize", 1));
    expect([...decoded]).toEqual([...decoderOf("raw-short").decode(decodedOf("blosc-wrong-typesize"))]);
  });

  const decodedOf = (folder: string) => {
    const values = decoderOf(folder).decode(chunkOf(folder, 1));
    expect(values.every((kelvin) => Number(kelvin) > 250 && Number(kelvin) < 310)).toBe(true);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  };

  it.each([
    ["codec-unsupported", /^sz3: an unknown codec found, one of adler32, .*blosc, .*zstd expected$/],
    ["filter-unsupported", /^bitround9: an unknown codec found/],
    ["zarray-dtype-object", /^dtype: dtype "\|O" found, .*never unpickled/],
    ["zarray-dtype-unknown", /^dtype: dtype "<f3" found/],
    ["zarray-chunk-zero", /^chunk shape: \[.*\b0\b.*\] found/],
    ["v3-codec-unsupported", /^acme\.crunch: an unknown codec found/],
    ["v3-dtype", /^data_type: "float8_e5m2" found, one of bool/],
  ])("%s: refused before a chunk is read", (folder, message) => {
    expect(faultOf(() => decoderOf(folder)).message).toMatch(message);
  });

  it("finds the flipped byte of an inner chunk by its crc32c", () => {
    const shard = readFileSync(sharedPath("data", "faults", "v3-inner-checksum", "t2m", "c", "0", "0", "0"));
    const index = decoderV3({
      dataType: "uint64",
      codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
      chunkShape: [4, 2, 2, 2],
    }).decode(shard.subarray(shard.length - 16 * 16 - 4));
    const inner = decoderV3({
      dataType: "float32",
      codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "gzip" }, { name: "crc32c" }],
      chunkShape: [6, 4, 4],
    });
    const chunk = (i: number) =>
      shard.subarray(Number(index[2 * i]), Number(index[2 * i]) + Number(index[2 * i + 1]));
    expect(faultOf(() => inner.decode(chunk(0))).codec).toBe("crc32c");
    expect(inner.decode(chunk(1)).length).toBe(96);
  });
});

describeShared("one field in six encodings", () => {
  const field = (folder: string, key: string) => {
    const path = sharedPath("data", "era5-uk-2019-03", folder, "t2m");
    const bytes = new Uint8Array(readFileSync(`${path}/${key}`));
    if (folder.startsWith("zarr2")) {
      return decoderV2(JSON.parse(readFileSync(`${path}/.zarray`, "utf8"))).decode(bytes);
    }
    const array = JSON.parse(readFileSync(`${path}/zarr.json`, "utf8"));
    const chunkShape = array.chunk_grid.configuration.chunk_shape;
    return decoderV3({ dataType: array.data_type, codecs: array.codecs, chunkShape }).decode(bytes);
  };
  const first = 80 * 17 * 25;
  const base = field("zarr2-lz4", "0.0.0").subarray(0, first);

  it.each([
    ["zarr2-big-endian", "0.0.0"],
    ["zarr3-blosc", "c/0/0/0"],
    ["zarr3-zstd", "c/0/0/0"],
    ["zarr3-transpose", "0.0.0"],
  ])("%s", (folder, key) => {
    const values = field(folder, key).subarray(0, first);
    expect(values.every((kelvin, i) => kelvin === base[i])).toBe(true);
    expect(base[0]).toBeGreaterThan(250);
  });

  it("zarr2-gzip-nested, in F order", () => {
    const values = field("zarr2-gzip-nested", "0/0/0");
    let wrong = 0;
    for (let t = 0; t < 80; t++) {
      for (let y = 0; y < 17; y++) {
        for (let x = 0; x < 25; x++) {
          if (values[(t * 33 + y) * 49 + x] !== base[(t * 17 + y) * 25 + x]) wrong++;
        }
      }
    }
    expect(wrong).toBe(0);
  });
});
