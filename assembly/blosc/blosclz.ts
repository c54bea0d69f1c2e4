import { copyLiterals, copyMatch, copySixteen } from "./match";

/**
 * One BloscLZ stream: `src` to `srcEnd` must fill `out` to `outEnd` exactly; 0, or negative where it does not. As in
 * LZ4 here: literals (1 to 32) and matches of at most 8, as many as fit for certain (33 bytes of input and 32 of
 * output each), go without a check of lengths.
 */
export function blosclz(src: usize, srcEnd: usize, out: usize, outEnd: usize): i32 {
  let ip = src;
  let op = out;
  let mask: usize = 31;
  while (ip < srcEnd) {
    const inputs: usize = (srcEnd - ip) / 33;
    const outputs: usize = (outEnd - op) >> 5;
    for (let n = inputs < outputs ? inputs : outputs; n != 0; n--) {
      const instruction: usize = load<u8>(ip) & mask;
      if (instruction < 32) {
        v128.store(op, v128.load(ip, 1));
        v128.store(op, v128.load(ip, 17), 16);
        ip += instruction + 2;
        op += instruction + 1;
      } else {
        if (instruction >= 224) break;
        const distance = ((instruction & 31) << 8) + <usize>load<u8>(ip, 1) + 1;
        if (distance == 8192) break;
        if (distance > op - out) return -6;
        copySixteen(op, distance);
        ip += 2;
        op += (instruction >> 5) + 2;
      }
      mask = 255;
    }
    if (ip >= srcEnd) break;
    const instruction: usize = load<u8>(ip++) & mask;
    mask = 255;
    if (instruction < 32) {
      const length = instruction + 1;
      if (length > srcEnd - ip || length > outEnd - op) return -1;
      copyLiterals(ip, srcEnd, op, outEnd, length);
      ip += length;
      op += length;
      continue;
    }
    let length = (instruction >> 5) + 2;
    if (length == 9) {
      let more: usize = 255;
      while (more == 255) {
        if (ip >= srcEnd) return -2;
        more = load<u8>(ip++);
        length += more;
        if (length > outEnd - op) return -3;
      }
    }
    if (ip >= srcEnd) return -4;
    let distance = ((instruction & 31) << 8) + <usize>load<u8>(ip++) + 1;
    if (distance == 8192) {
      if (srcEnd - ip < 2) return -5;
      distance += (<usize>load<u8>(ip) << 8) + <usize>load<u8>(ip, 1);
      ip += 2;
    }
    if (distance > op - out) return -6;
    if (length > outEnd - op) return -7;
    copyMatch(op, outEnd, distance, length);
    op += length;
  }
  return op == outEnd ? 0 : -8;
}
