import { type InputType, inflateRawSync, inflateSync, type ZlibOptions } from "node:zlib";
import { CodecError } from "./codecError.ts";
import { checkSize, compressed, type Size, sizeText } from "./size.ts";
import type { Step } from "./step.ts";

/** node:zlib with `info`, which its types leave out: the engine says how many bytes of the input it took. */
type Inflater = (input: InputType, options: ZlibOptions) => unknown;
interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** What came out of one stream, and how much of the input it was. */
export interface Stream {
  readonly bytes: Uint8Array;
  readonly consumed: number;
}

/** One deflate stream that must end within `encoded` and give `size` bytes; stops at the first byte too many. */
export function inflate(codec: string, encoded: Uint8Array, size: Size, raw: boolean): Stream {
  const run: Inflater = raw ? inflateRawSync : inflateSync;
  try {
    const { buffer, engine } = run(encoded, {
      maxOutputLength: Math.max(size.most, 1),
      chunkSize: Math.max(size.most + 1, 64),
      info: true,
    } as ZlibOptions) as Inflated;
    // A short result lies in Node's shared pool: its buffer must not leave this folder.
    const bytes = buffer.length < 8192 ? new Uint8Array(buffer) : buffer;
    checkSize(codec, bytes.length, size);
    return {
      bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length),
      consumed: engine.bytesWritten,
    };
  } catch (cause) {
    if (cause instanceof CodecError) throw cause;
    const { code, message } = cause as { code?: string; message: string };
    if (code === "ERR_BUFFER_TOO_LARGE") {
      throw new CodecError({ codec, found: `more than ${size.most} bytes`, expected: sizeText(size), cause });
    }
    const found = code === "Z_BUF_ERROR" ? "a stream that ends early" : `a corrupt stream (${message})`;
    throw new CodecError({ codec, found, expected: `a stream of ${sizeText(size)} bytes`, cause });
  }
}

/** A zlib stream and nothing behind it; its Adler-32 is checked. */
export function unzlib(encoded: Uint8Array, size: Size): Uint8Array {
  const { bytes, consumed } = inflate("zlib", encoded, size, false);
  if (consumed === encoded.length) return bytes;
  const found = `${encoded.length - consumed} bytes after the stream`;
  throw new CodecError({ codec: "zlib", found, expected: "none" });
}

export const zlib = (): Step => ({ name: "zlib", encodedSize: compressed, decode: unzlib });
