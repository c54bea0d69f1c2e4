import { crc32 } from "node:zlib";
import { CodecError } from "./codecError.ts";
import { checkSize, compressed, type Size } from "./size.ts";
import type { Step } from "./step.ts";
import { inflate } from "./zlib.ts";

const corrupt = (found: string, expected: string) => new CodecError({ codec: "gzip", found, expected });

/** Bytes of the header at `at` (RFC 1952), its optional parts included. */
function headerLength(source: Uint8Array, at: number): number {
  const early = () => corrupt("a header that ends early", "a gzip member");
  if (source[at] !== 31 || source[at + 1] !== 139 || source[at + 2] !== 8) {
    const bytes = source.length - at;
    throw at === 0
      ? corrupt("another magic number", "1f 8b 08")
      : corrupt(`${bytes} bytes after the member`, "none");
  }
  if (source.length - at < 18) throw early();
  const flags = source[at + 3]!;
  let next = at + 10;
  if ((flags & 0xe0) !== 0) throw corrupt("reserved flags", "none");
  if ((flags & 4) !== 0) next += 2 + (source[next]! | (source[next + 1]! << 8));
  for (const flag of [8, 16]) {
    if ((flags & flag) === 0) continue;
    const zero = source.indexOf(0, next);
    if (zero < 0) throw early();
    next = zero + 1;
  }
  if ((flags & 2) !== 0) next += 2;
  if (next > source.length - 8) throw early();
  return next - at;
}

/** Gzip members and nothing behind them; we read header and trailer ourselves, as node:zlib ignores rubbish. */
function gunzip(encoded: Uint8Array, size: Size): Uint8Array {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let at = 0; at < encoded.length || parts.length === 0; ) {
    at += headerLength(encoded, at);
    const rest = { least: 0, most: size.most - length };
    const { bytes, consumed } = inflate("gzip", encoded.subarray(at), rest, true);
    at += consumed;
    if (encoded.length - at < 8) throw corrupt("a member that ends early", "a checksum and a length");
    const [sum, stated] = [view.getUint32(at, true), view.getUint32(at + 4, true)];
    const computed = crc32(bytes);
    if (computed !== sum)
      throw corrupt(`checksum ${computed.toString(16)}`, `${sum.toString(16)} by the trailer`);
    if (stated !== bytes.length >>> 0) throw corrupt(`${bytes.length} bytes`, `${stated} by the trailer`);
    at += 8;
    parts.push(bytes);
    length += bytes.length;
  }
  checkSize("gzip", length, size);
  if (parts.length === 1) return parts[0]!;
  const joined = new Uint8Array(length);
  let to = 0;
  for (const part of parts) {
    joined.set(part, to);
    to += part.length;
  }
  return joined;
}

export const gzip = (): Step => ({ name: "gzip", encodedSize: compressed, decode: gunzip });
