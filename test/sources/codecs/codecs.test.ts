import { expect, it } from "vitest";
import { codecNamed } from "../../../src/sources/codecs/codecs.ts";
import { faultOf } from "./buffers.ts";

it.each([
  ["bz2", 2, "a bzip2 decoder"],
  ["numcodecs.lzma", 3, "a decoder of xz and lzma streams"],
  ["numcodecs.zfpy", 3, "the zfp library"],
] as const)("says what %s would need", (name, version, need) => {
  expect(faultOf(() => codecNamed(name, version)).message).toContain(`; it would need ${need}`);
});

it("lists the codecs there are for one that nobody knows", () => {
  const { message } = faultOf(() => codecNamed("rot13", 2));
  expect(message).toMatch(/^rot13: an unknown codec found, one of adler32, .*, zstd expected$/);
});
