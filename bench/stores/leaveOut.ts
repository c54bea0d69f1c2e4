/** Makes about so many of the values missing, at places without order; the same seed, the same places. */
export const leaveOut = (values: Float32Array, share: number, seed: number): void => {
  let state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0;
  for (let i = 0; i < values.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    if ((state >>> 0) / 2 ** 32 < share) values[i] = Number.NaN;
  }
};
