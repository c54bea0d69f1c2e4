import { copyLiterals, copyMatch, copySixteen } from "./match";

/**
 * One LZ4 block: `src` to `srcEnd` must fill `out` to `outEnd` exactly; 0, or negative where it does not. With `enough`
 * before `outEnd` it is over as soon as the bytes up to there have come; what is behind is not looked at.
 *
 * Two stages. As many short sequences (at most 14 literals and a match of 16) as fit for certain into what is left,
 * each in 17 bytes of input and 32 of output, are copied without a check of lengths; only distances are. The first
 * sequence that is longer, and all near the end, are checked part by part. Most sequences of shuffled floats have no
 * literals: that branch, guessed right, frees the next token from waiting for this one.
 */
export function lz4(src: usize, srcEnd: usize, out: usize, outEnd: usize, enough: usize): i32 {
  let ip = src;
  let op = out;
  const isPart = enough < outEnd;
  while (true) {
    if (isPart && op >= enough) return 0;
    const inputs: usize = srcEnd - ip > 32 ? (srcEnd - ip - 16) / 17 : 0;
    let outputs: usize = outEnd - op > 64 ? (outEnd - op - 32) / 32 : 0;
    // A sequence makes 4 bytes at least: no more of them than may be needed.
    if (isPart && outputs > (enough - op) / 4 + 1) outputs = (enough - op) / 4 + 1;
    for (let n = inputs < outputs ? inputs : outputs; n != 0; n--) {
      const token: usize = load<u8>(ip);
      const literals = token >> 4;
      const length = token & 15;
      if (length > 12) break;
      if (literals != 0) {
        if (literals == 15) break;
        v128.store(op, v128.load(ip, 1));
        op += literals;
        ip += literals;
      }
      const distance: usize = load<u16>(ip, 1);
      ip += 3;
      if (distance - 1 >= op - out) return -4;
      copySixteen(op, distance);
      op += length + 4;
    }
    if (ip >= srcEnd) return -7;
    const token: usize = load<u8>(ip++);
    let length = token >> 4;
    if (length != 0) {
      if (length == 15) {
        let more: usize = 255;
        while (more == 255) {
          if (ip >= srcEnd) return -1;
          more = load<u8>(ip++);
          length += more;
          if (length > outEnd - op) return -2;
        }
      }
      if (length > srcEnd - ip || length > outEnd - op) return -3;
      copyLiterals(ip, srcEnd, op, outEnd, length);
      ip += length;
      op += length;
    }
    if (ip == srcEnd) return op == outEnd ? 0 : -8;
    if (srcEnd - ip < 2) return -9;
    const distance: usize = load<u16>(ip);
    ip += 2;
    if (distance - 1 >= op - out) return -4;
    length = (token & 15) + 4;
    if (length == 19) {
      let more: usize = 255;
      while (more == 255) {
        if (ip >= srcEnd) return -5;
        more = load<u8>(ip++);
        length += more;
        if (length > outEnd - op) return -6;
      }
    }
    if (length > outEnd - op) return -6;
    copyMatch(op, outEnd, distance, length);
    op += length;
  }
}
