/**
 * Uniform numbers in [0, 1) with 32 bits, the same for the same seed on every machine: xoshiro128** (Blackman and
 * Vigna 2021, doi:10.1145/3460772), its four words from the seed by splitmix32 (the 32-bit finaliser of Murmur3 over
 * a Weyl sequence). The period is 2^128 - 1; not for secrets.
 */
export const randomNumbers = (seed: number): (() => number) => {
  let weyl = seed >>> 0;
  const word = (): number => {
    weyl = (weyl + 0x9e3779b9) >>> 0;
    let z = weyl;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let a = word();
  let b = word();
  let c = word();
  let d = word();
  return () => {
    const result = Math.imul(turned(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = turned(d, 11);
    return result / 4294967296;
  };
};

const turned = (word: number, by: number): number => (word << by) | (word >>> (32 - by));
