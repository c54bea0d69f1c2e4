/** IEEE 754 half precision to single; exact for every value, signs of zero and payloads of NaN included. */
export function halfToSingle(halves: Uint16Array): Float32Array {
  const singles = new Float32Array(halves.length);
  const bits = new Uint32Array(singles.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    if (exponent === 31) bits[i] = sign | 0x7f800000 | (fraction << 13);
    else if (exponent !== 0) bits[i] = sign | ((exponent + 112) << 23) | (fraction << 13);
    else if (fraction === 0) bits[i] = sign;
    else singles[i] = (sign === 0 ? fraction : -fraction) / 16777216;
  }
  return singles;
}
