import { asType } from "./asType.ts";
import { blosc } from "./blosc.ts";
import { bytes } from "./bytes.ts";
import { checksums } from "./checksum.ts";
import { CodecError } from "./codecError.ts";
import type { Configuration } from "./configuration.ts";
import { delta } from "./delta.ts";
import { fixedScaleOffset } from "./fixedScaleOffset.ts";
import { gzip } from "./gzip.ts";
import { lz4 } from "./lz4.ts";
import { packBits } from "./packBits.ts";
import { asStored, quantize } from "./quantize.ts";
import type { Stage, Step } from "./step.ts";
import { transpose } from "./transpose.ts";
import { shuffle } from "./unshuffle.ts";
import { zlib } from "./zlib.ts";
import { zstd } from "./zstd.ts";

/** Where a codec stands in a Zarr 3 chain: it takes an array and gives one, makes bytes of it, or changes bytes. */
export type Place = "array" | "serializer" | "bytes";

interface Codec {
  readonly place: Place;
  readonly make: (configuration: Configuration, stage: Stage) => Step;
}

const codecs: ReadonlyMap<string, Codec> = new Map<string, Codec>([
  ["adler32", { place: "bytes", make: checksums.adler32 }],
  ["astype", { place: "array", make: asType }],
  ["bitround", { place: "array", make: () => asStored("bitround") }],
  ["blosc", { place: "bytes", make: blosc }],
  ["bytes", { place: "serializer", make: bytes }],
  ["crc32", { place: "bytes", make: checksums.crc32 }],
  ["crc32c", { place: "bytes", make: checksums.crc32c }],
  ["delta", { place: "array", make: delta }],
  ["fixedscaleoffset", { place: "array", make: fixedScaleOffset }],
  ["fletcher32", { place: "bytes", make: checksums.fletcher32 }],
  ["gzip", { place: "bytes", make: gzip }],
  ["lz4", { place: "bytes", make: lz4 }],
  ["packbits", { place: "array", make: packBits }],
  ["quantize", { place: "array", make: quantize }],
  ["shuffle", { place: "bytes", make: shuffle }],
  ["transpose", { place: "array", make: transpose }],
  ["zlib", { place: "bytes", make: zlib }],
  ["zstd", { place: "bytes", make: zstd }],
]);

/** Zarr 3 only; a Zarr 2 array says these things by dtype and order. */
const onlyInV3: readonly string[] = ["bytes", "transpose"];

/** Codecs that are met in stores and are not here, and what reading them would need. */
const wanting: ReadonlyMap<string, string> = new Map([
  ["bz2", "a bzip2 decoder that never gives more than the chunk"],
  ["jenkins_lookup3", "Bob Jenkins' lookup3 hash, to hold each chunk to its last 4 bytes"],
  ["lzma", "a decoder of xz and lzma streams that never gives more than the chunk"],
  ["pcodec", "the pcodec library compiled to WebAssembly"],
  ["zfpy", "the zfp library compiled to WebAssembly"],
]);

/** The codec of that name, or an error that lists those there are. Sharding is not a codec here: it is a store. */
export function codecNamed(name: unknown, version: 2 | 3): Codec {
  const short = version === 3 && typeof name === "string" ? name.replace(/^numcodecs\./, "") : name;
  const codec = typeof short === "string" ? codecs.get(short) : undefined;
  if (codec !== undefined && (version === 3 || !onlyInV3.includes(short as string))) return codec;
  const there = [...codecs.keys()].filter((key) => version === 3 || !onlyInV3.includes(key));
  const shown = typeof name === "string" ? name : (JSON.stringify(name) ?? "no name");
  const need = wanting.get(short as string);
  const expected = `one of ${there.join(", ")}${need === undefined ? "" : `; it would need ${need}`}`;
  throw new CodecError({ codec: shown, found: "an unknown codec", expected });
}
