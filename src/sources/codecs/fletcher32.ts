/** HDF5's Fletcher-32: words of 16 bits, high byte first, a last odd byte as the high one; folded every 360 words. */
export function fletcher32(bytes: Uint8Array): number {
  const even = bytes.length & ~1;
  let low = 0;
  let high = 0;
  const fold = () => {
    low = (low & 0xffff) + (low >>> 16);
    high = (high & 0xffff) + (high >>> 16);
  };
  for (let at = 0; at < even; ) {
    for (const until = Math.min(at + 720, even); at < until; at += 2) {
      low += (bytes[at]! << 8) | bytes[at + 1]!;
      high += low;
    }
    fold();
  }
  if (even < bytes.length) {
    low += bytes[even]! << 8;
    high += low;
    fold();
  }
  fold();
  return ((high << 16) | low) >>> 0;
}
