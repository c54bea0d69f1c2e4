import { expect, it } from "vitest";
import { decoderV2, decoderV3 } from "../../../src/sources/codecs/chain.ts";
import { exactly } from "../../../src/sources/codecs/size.ts";
import { ownFrame, zstdDecode } from "../../../src/sources/codecs/zstd.ts";
import { describeShared } from "../../shared.ts";
import { bytesOf, encodedBuffers, faultOf, refused } from "./buffers.ts";

/** The array's dtype where an array may have it, else bytes: codecs do not care. */
const asBytes = { filters: null, order: "C", dtype: "|u1" } as const;

describeShared("637 buffers of numcodecs", () => {
  const buffers = encodedBuffers();
  const inScope = buffers.filter(({ config }) => !refused.includes(config.id));

  it("decodes 601 to the exact bytes", () => {
    const wrong: string[] = [];
    for (const { id, config, encoded, raw } of inScope) {
      const decoded = decoderV2({ ...asBytes, compressor: config, chunks: [raw.length] }).decode(encoded);
      if (!bytesOf(decoded).equals(raw)) wrong.push(`${id} ${JSON.stringify(config)}`);
    }
    expect(wrong).toEqual([]);
    expect(inScope.length).toBe(601);
  });

  it("refuses bz2, jenkins_lookup3 and lzma by name before it reads", () => {
    const names = buffers
      .filter(({ config }) => refused.includes(config.id))
      .map(({ config, raw }) => {
        const fault = faultOf(() => decoderV2({ ...asBytes, compressor: config, chunks: [raw.length] }));
        expect(fault.message).toContain(`${config.id}: an unknown codec found, one of adler32, astype`);
        return fault.codec;
      });
    expect(names.length).toBe(36);
    expect([...new Set(names)].sort()).toEqual(refused);
  });

  it("gives numbers in this machine's byte order", () => {
    const seen = new Set<string>();
    for (const { dtype, config, encoded, raw } of inScope) {
      if (!/^[<>|][fi][248]$|u1|b1/.test(dtype) || raw.length % Number(dtype[2]) !== 0) continue;
      const width = Number(dtype[2]);
      const chunks = [raw.length / width];
      const decoded = decoderV2({ ...asBytes, dtype, compressor: config, chunks }).decode(encoded);
      const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
      const little = dtype[0] !== ">";
      const last = raw.length - width;
      const read: Record<string, (at: number) => number> = {
        i2: (at) => view.getInt16(at, little),
        f4: (at) => view.getFloat32(at, little),
        f8: (at) => view.getFloat64(at, little),
        u1: (at) => view.getUint8(at),
        b1: (at) => view.getUint8(at),
      };
      const at = read[dtype.slice(1)];
      expect(decoded.length).toBe(chunks[0]);
      if (at === undefined) continue;
      seen.add(dtype);
      expect([decoded[0], decoded[decoded.length - 1]]).toEqual([at(0), at(last)]);
    }
    expect([...seen].sort()).toEqual(["<f4", "<f8", "<i2", ">f4", "|b1", "|u1"]);
  });

  it("knows the same codecs in Zarr 3, as numcodecs.*", () => {
    const arrayCodecs = ["astype", "bitround", "delta", "fixedscaleoffset", "packbits", "quantize"];
    for (const { id, config, encoded, raw } of inScope.filter((_, i) => i % 5 === 0 || i > 540)) {
      const codec = { name: `numcodecs.${config.id}`, configuration: config };
      const codecs = arrayCodecs.includes(config.id) ? [codec, "bytes"] : ["bytes", codec];
      // `bytes` needs no byte order as these are bytes; packbits and the like only see lengths.
      if (config.id !== "packbits" && arrayCodecs.includes(config.id)) {
        codecs[1] = { name: "bytes", configuration: { endian: "little" } } as never;
      }
      const decoded = decoderV3({ dataType: "uint8", codecs, chunkShape: [raw.length] }).decode(encoded);
      expect(bytesOf(decoded).equals(raw), id).toBe(true);
    }
  });

  it("decodes zstd alike with our own decoder, whatever this Node has", () => {
    const frames = buffers.filter(({ config }) => config.id === "zstd");
    for (const { id, encoded, raw } of frames) {
      const decoded = zstdDecode(encoded, exactly(raw.length), ownFrame);
      expect(bytesOf(decoded).equals(raw), id).toBe(true);
    }
    expect(frames.length).toBe(24);
  });
});
