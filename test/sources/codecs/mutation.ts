/** Numbers of [0, 1) from a seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A damaged copy: bytes changed, mostly near the start, where lengths stand; cut, lengthened, blanked, moved. */
export function mutated(bytes: Uint8Array, random: () => number): Uint8Array {
  const below = (n: number) => Math.floor(random() * n);
  const place = (n: number) => (random() < 0.5 ? below(Math.min(n, 64)) : below(n));
  const copy = bytes.slice();
  const kind = below(8);
  if (kind === 0) return copy.subarray(0, below(copy.length + 1));
  if (kind === 1) {
    const longer = new Uint8Array(copy.length + 1 + below(32)).fill(below(256));
    longer.set(copy);
    return longer;
  }
  if (kind === 2) {
    const at = place(copy.length);
    return copy.fill(random() < 0.5 ? 0 : 255, at, at + 1 + below(64));
  }
  if (kind === 3) return copy.copyWithin(place(copy.length), place(copy.length));
  for (let i = below(3); i >= 0; i--) {
    const at = place(copy.length);
    copy[at] = kind === 4 ? below(256) : copy[at]! ^ (1 << below(8));
  }
  return copy;
}
