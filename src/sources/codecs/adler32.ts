/** Adler-32 (RFC 1950): two sums modulo 65521, reduced before they leave 32 bits. */
export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let at = 0; at < bytes.length; ) {
    for (const until = Math.min(at + 5552, bytes.length); at < until; at++) {
      low += bytes[at]!;
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return ((high << 16) | low) >>> 0;
}
