/**
 * Streams of LZ4 and BloscLZ made of sequences, and what they decode to, worked out byte by byte: literals, then a
 * match so many bytes back.
 */
import fc from "fast-check";

export interface Sequence {
  readonly literals: Uint8Array;
  readonly distance: number;
  readonly length: number;
}

export interface Encoded {
  readonly stream: Uint8Array;
  readonly decoded: Uint8Array;
}

const sequence: fc.Arbitrary<Sequence> = fc.record({
  literals: fc.oneof(
    { weight: 6, arbitrary: fc.uint8Array({ maxLength: 3 }) },
    { weight: 3, arbitrary: fc.uint8Array({ maxLength: 40 }) },
    { weight: 1, arbitrary: fc.integer({ min: 250, max: 800 }).map((n) => new Uint8Array(n).fill(n)) },
  ),
  distance: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 70_000 })),
  length: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 4, max: 24 }) },
    { weight: 2, arbitrary: fc.integer({ min: 4, max: 300 }) },
    { weight: 1, arbitrary: fc.integer({ min: 500, max: 9_000 }) },
  ),
});

export const sequences = fc.tuple(
  fc.array(sequence, { maxLength: 60 }),
  fc.uint8Array({ minLength: 1, maxLength: 80 }),
);

/** The length beyond what fits into the token, in bytes of 255 and a last one below. */
const extended = (more: number): number[] => {
  const bytes: number[] = [];
  for (; more >= 255; more -= 255) bytes.push(255);
  return [...bytes, more];
};

const model = (
  [body, last]: readonly [readonly Sequence[], Uint8Array],
  write: (literals: Uint8Array, match?: { distance: number; length: number }) => void,
  farthest: number,
): Uint8Array => {
  const decoded: number[] = [];
  for (const { literals, distance, length } of body) {
    const before = literals.length + decoded.length === 0 ? Uint8Array.of(7) : literals;
    decoded.push(...before);
    const back = 1 + ((distance - 1) % Math.min(decoded.length, farthest));
    write(before, { distance: back, length });
    for (let i = 0; i < length; i++) decoded.push(decoded[decoded.length - back]!);
  }
  write(last);
  return Uint8Array.from([...decoded, ...last]);
};

export const lz4Stream = (all: readonly [readonly Sequence[], Uint8Array]): Encoded => {
  const stream: number[] = [];
  const decoded = model(
    all,
    (literals, match) => {
      const count = literals.length;
      stream.push((Math.min(15, count) << 4) | Math.min(15, (match?.length ?? 4) - 4));
      if (count >= 15) stream.push(...extended(count - 15));
      stream.push(...literals);
      if (match === undefined) return;
      stream.push(match.distance & 255, match.distance >> 8);
      if (match.length >= 19) stream.push(...extended(match.length - 19));
    },
    65_535,
  );
  return { stream: Uint8Array.from(stream), decoded };
};

export const blosclzStream = (all: readonly [readonly Sequence[], Uint8Array]): Encoded => {
  const stream: number[] = [];
  const decoded = model(
    all,
    (literals, match) => {
      for (let at = 0; at < literals.length; at += 32) {
        const part = literals.subarray(at, at + 32);
        stream.push(part.length - 1, ...part);
      }
      if (match === undefined) return;
      const back = match.distance - 1;
      const [high, low] = back < 8191 ? [back >> 8, back & 255] : [31, 255];
      stream.push((Math.min(7, match.length - 2) << 5) | high);
      if (match.length >= 9) stream.push(...extended(match.length - 9));
      stream.push(low);
      if (back >= 8191) stream.push((back - 8191) >> 8, (back - 8191) & 255);
    },
    73_727,
  );
  return { stream: Uint8Array.from(stream), decoded };
};
