import { createHash } from "node:crypto";
import * as nodeZlib from "node:zlib";
import { expect, it } from "vitest";
import { ownFrame, zstdDecode } from "../../../src/sources/codecs/zstd.ts";
import { bytesOf, faultOf } from "./buffers.ts";

/**
 * Three frames of libzstd 1.5 without checksums: text (Huffman, own tables of states), a sentence (a raw block),
 * noise with repeats. Every bit behind the header is flipped in turn. Where our decoder accepts the result, libzstd
 * does and gives the same bytes (checked where this Node has it); the digest holds our decoder to today's strictness
 * on any Node.
 */
const frames = [
  [
    "KLUv/WCIAoUGABKDChDQ5wCkyiKHEFra3UADIbwFtX3w0nlxzEE6QyU3alMvtdWxbqLD0WCVAl2osSvNzmYwRIAQw/MRMBCU",
    "CQyISt4MCwRZkPrV5JGV/C2M8AjmtuUBB6klxlbUJzVA1leMaq1ock2hWjXqhvlzAxE/TnDZi1RTzFfsRKBj651VMwwZgAsV",
    "P831KqYESzbzBmUdv1gT6kH3W4BTeCm6rfkRhIlIV9n3UNjWE3vhKooE1XEf9NKvwpLdzpcYv/cIi/Rg8pRAIzjHAf//JFQG",
    "pho=",
  ].join(""),
  ["KLUv/SAWsQAAc3Rvcm0gc3Rvcm0gY2FsbSBzdG9ybQ=="].join(""),
  [
    "KLUv/WDoAk0RACZ7hR1wK0hzFjXbWjcRESFSSilTRM6nOFSu6P///38IAYMAdgCAAAcNvrEz2Apra1kSg6jXoxsxpqQxNfQE",
    "a0g5MKdwSz/48xxR01aPUo8LoSHcRBNn1fYxnxpzqnh+qzaHWmSksr9bJ/mSX9NOEe/b+PFMWW3uHxB8pQ8xme6DtqRVm/Dg",
    "t3yKQR58aYNIBd9gAQIDBAQAEEDAQIIFDY4mFYTjOAjFcLIa2HRbwVtdZ5NTqSJOl35Sgv0saNq2Cj3KagUfKkJA80TGSty6",
    "VHst8BidbWZZFEJimtchM1hYV4+OXn/XQMic1bph8Dbzcpor9zFPKQlpr/br8Uu85cL6Kv1fI1gQp5VgVG4q+Nd2qnQfXtI7",
    "DGYN8VB8TOxds6l3zISOs/KWTh0K93yGG3e1esTX4WUPay4JAwUHCgwIEGBAgQMKGNTIGQwCDpVNt6S2W+kx5llqWMp67ueS",
    "XBuaPRtzTbi4KYvRUnQHUWQgw9Qa681fuCqrDLm0XGyVmFndCgenT3VlsNrS+hxvDn5bE/p6ieSAaMmuQ7gm5aoPJslgwerM",
    "ywyVrtMk3O95KfYWnFZVhWlJjnWUlJCcstKbGPIaV60qqWu81RZcq7PVjNY0q6IsV1V12pmfIet6t5/kIrX8w9siDg9TSxir",
    "+bC21zRxJdi+O8VbtlmwuUaMRhIbMbUyTEXD2RBx23meCnFixwPT+tkWBQAv8FMaCUi0ULCmUEAKgCY=",
  ].join(""),
];
const native = (nodeZlib as { zstdDecompressSync?: (input: Uint8Array) => Uint8Array }).zstdDecompressSync;

it.each([
  [0, 687, "b71f14b51b4287dc"],
  [1, 176, "22b9478248a5d43f"],
  [2, 2883, "9197dd521845c15e"],
])("frame %i, every bit flipped: what is accepted is what libzstd accepts", (index, accepted, digest) => {
  const frame = new Uint8Array(Buffer.from(frames[index]!, "base64"));
  const size = { least: 1, most: 200000 };
  const hash = createHash("sha256");
  let count = 0;
  for (let bit = 64; bit < frame.length * 8; bit++) {
    const flipped = frame.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    let decoded: Uint8Array | undefined;
    const decode = () => {
      decoded = zstdDecode(flipped, size, ownFrame);
    };
    try {
      decode();
    } catch {
      expect(faultOf(decode).codec).toBe("zstd");
    }
    if (decoded === undefined) continue;
    count++;
    hash.update(`${bit}:`).update(decoded);
    if (native !== undefined) expect(bytesOf(native(flipped)).equals(decoded)).toBe(true);
  }
  expect([count, hash.digest("hex").slice(0, 16)]).toEqual([accepted, digest]);
});

it("stops at the size that the header states", () => {
  const frame = new Uint8Array(Buffer.from(frames[0]!, "base64"));
  frame.set([0, 0], 5);
  const fault = faultOf(() => zstdDecode(frame, { least: 256, most: 256 }, ownFrame));
  expect(fault.message).toBe("zstd: more than 256 bytes in a block found, at most 256 expected");
});
