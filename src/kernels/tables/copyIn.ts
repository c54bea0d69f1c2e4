import type { Values } from "../../model/field.ts";
import type { Room } from "../wasm/instance.ts";

/** Copies the values of [from, to) to an address of a module's memory. */
export const copyIn = (
  values: Values,
  from: number,
  to: number,
  { f32, f64 }: Pick<Room<unknown>, "f32" | "f64">,
  at: number,
): void => {
  if (values instanceof Float32Array) f32.set(values.subarray(from, to), at >> 2);
  else f64.set(values.subarray(from, to), at >> 3);
};
