/**
 * 64-bit FNV-1a of a text's UTF-16 units, as 16 hexadecimal digits: names definitions and versions, is no seal.
 * Source: Fowler, Noll, Vo; IETF draft-eastlake-fnv. Two 32-bit halves, so that no big integers are needed.
 */
export const hashText = (text: string): string => {
  let low = 0x84222325;
  let high = 0xcbf29ce4;
  for (let i = 0; i < text.length; i++) {
    low = (low ^ text.charCodeAt(i)) >>> 0;
    // Times the prime 0x100000001b3 = 2^40 + 0x1b3, modulo 2^64.
    const product = low * 0x1b3;
    const carry = Math.floor(product / 4294967296);
    high = (Math.imul(high, 0x1b3) + carry + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
};
