import type { Values } from "../../model/field.ts";
import type { EnsemblesExports, EnsemblesModule, Members } from "./ensemblesModule.ts";

/** Bytes of the members of a tile: it stays in the processor's innermost cache while they are sorted. */
const TILE = 24_576;

/**
 * Calls a function of the module for one tile of places after another: `beside` are numbers that go in with the members,
 * an array or one number for all places; `out` is what comes back, as many numbers as places each. `work` gets the
 * addresses, those of `beside` first.
 */
export const memberTiles = (
  module: EnsemblesModule,
  members: readonly Values[],
  beside: readonly (Values | number)[],
  out: readonly Float64Array[],
  work: (run: EnsemblesExports, members: Members, ...arrays: number[]) => void,
): void => {
  const size = out[0]!.length;
  const many = members.length;
  const width = members.every((member) => member instanceof Float32Array) ? 4 : 8;
  const most = Math.max(4, Math.floor(TILE / (many * width)) & ~3);
  const arrays = beside.length + out.length;
  const { f32, f64, base, run } = module.room(most * 8 * (many + arrays));
  const values = width === 4 ? f32 : f64;
  const columns = Array.from({ length: arrays }, (_, k) => base + most * 8 * (many + k));
  for (let start = 0; start < size; start += most) {
    const stop = Math.min(size, start + most);
    const count = stop - start;
    const places = (count + 3) & ~3;
    for (let k = 0; k < many; k++) {
      const at = base / width + k * places;
      values.set(members[k]!.subarray(start, stop), at);
      if (count < places) values.fill(Number.NaN, at + count, at + places);
    }
    for (let k = 0; k < beside.length; k++) {
      const numbers = beside[k]!;
      const at = columns[k]! >> 3;
      if (typeof numbers === "number") f64.fill(numbers, at, at + count);
      else f64.set(numbers.subarray(start, stop), at);
    }
    work(run, [base, width, many, places], ...columns);
    for (let k = 0; k < out.length; k++) {
      const at = columns[beside.length + k]! >> 3;
      out[k]!.set(f64.subarray(at, at + count), start);
    }
  }
};
