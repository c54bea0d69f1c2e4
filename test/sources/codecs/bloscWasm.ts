/**
 * The module of blosc, driven so that a byte read or written outside is seen: the source, or the output, ends where
 * the memory ends (a byte behind is a trap), and guards stand around the output.
 */
import { bloscRoom } from "../../../src/sources/codecs/bloscWasm.ts";

const guard = 64;

export type Region = "source" | "output";

/** What came out, or undefined where the module refused; throws when a guard was touched. */
export const inWasm = (
  codec: "lz4" | "blosclz",
  source: Uint8Array,
  bytes: number,
  atEnd: Region,
): Uint8Array | undefined => {
  const room = bloscRoom(source.length + bytes + 4 * guard);
  if (room === undefined) throw new Error("no WebAssembly here");
  const { u8, run, work } = room;
  const from = atEnd === "source" ? u8.length - source.length : work + guard;
  const out = atEnd === "output" ? u8.length - bytes : work + 2 * guard;
  if (atEnd === "source" ? out + bytes + guard > from : from + source.length + guard > out) {
    throw new Error("the regions overlap");
  }
  u8.set(source, from);
  u8.fill(0xa5, out - guard, out + bytes + guard);
  const end = out + bytes;
  const result =
    codec === "lz4"
      ? run.lz4(from, from + source.length, out, end, end)
      : run.blosclz(from, from + source.length, out, end);
  for (let i = 1; i <= guard; i++) {
    const behind = out + bytes + i - 1;
    if (u8[out - i] !== 0xa5 || (behind < u8.length && u8[behind] !== 0xa5)) {
      throw new Error("wrote outside the output");
    }
  }
  for (let i = 0; i < source.length; i++) {
    if (u8[from + i] !== source[i]) throw new Error("wrote to the source");
  }
  return result === 0 ? u8.slice(out, out + bytes) : undefined;
};
