import { readFileSync } from "node:fs";
import { sharedPath } from "../../shared.ts";

/** One entry of codecs.json with its bytes, each in memory of its own. */
export interface EncodedBuffer {
  readonly id: string;
  readonly dtype: string;
  readonly config: { readonly id: string; readonly cname?: string };
  readonly encoded: Uint8Array;
  readonly raw: Uint8Array;
}

interface Entry {
  id: string;
  dtype: string;
  config: { id: string; cname?: string };
  encoded: [number, number];
  raw: [number, number];
}

export function encodedBuffers(): readonly EncodedBuffer[] {
  const folder = sharedPath("data", "codecs");
  const encoded = readFileSync(`${folder}/encoded.bin`);
  const raw = readFileSync(`${folder}/raw.bin`);
  const { buffers } = JSON.parse(readFileSync(`${folder}/codecs.json`, "utf8")) as { buffers: Entry[] };
  const part = (from: Buffer, [start, length]: [number, number]) =>
    new Uint8Array(from.subarray(start, start + length));
  return buffers.map((entry) => ({
    id: entry.id,
    dtype: entry.dtype,
    config: entry.config,
    encoded: part(encoded, entry.encoded),
    raw: part(raw, entry.raw),
  }));
}

export const refused: readonly string[] = ["bz2", "jenkins_lookup3", "lzma"];

export const bytesOf = (values: ArrayBufferView): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** The CodecError that `decode` throws; anything else fails the test. */
export function faultOf(decode: () => unknown): {
  message: string;
  codec: string;
  found: string;
  expected: string;
} {
  try {
    decode();
  } catch (error) {
    if ((error as { tag?: unknown }).tag === "Codec") return error as ReturnType<typeof faultOf>;
    throw error;
  }
  throw new Error("decoded without an error");
}
