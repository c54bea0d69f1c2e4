import type { Values } from "../model/field.ts";
import { type ValuesModule, valuesModule } from "./valuesModule.ts";

/**
 * sqrt(u * u + v * v), place by place in float64, in the precision of `u`; NaN where either is. Not Math.hypot: its
 * last bit is left to the engine, and of an infinity and a NaN it makes an infinity.
 */
export const vectorLength = (u: Values, v: Values): Values =>
  valuesModule === undefined ? scalarVectorLength(u, v) : simdVectorLength(valuesModule, u, v);

export const scalarVectorLength = (u: Values, v: Values): Values =>
  u.map((x, i) => Math.sqrt(x * x + v[i]! * v[i]!));

/** Values in a tile: both sides stay in a cache of the processor. */
const TILE = 8_192;

export const simdVectorLength = (module: ValuesModule, u: Values, v: Values): Values => {
  const { f32, f64, base, run } = module.room(2 * (TILE * 8 + 16));
  const beside = base + TILE * 8 + 16;
  const memory = (values: Values) => (values instanceof Float32Array ? f32 : f64);
  const [uw, vw] = [u.BYTES_PER_ELEMENT, v.BYTES_PER_ELEMENT];
  const out = u instanceof Float32Array ? new Float32Array(u.length) : new Float64Array(u.length);
  for (let at = 0; at < u.length; at += TILE) {
    const stop = Math.min(at + TILE, u.length);
    memory(u).set(u.subarray(at, stop), base / uw);
    memory(v).set(v.subarray(at, stop), beside / vw);
    run.vectorLength(base, beside, uw, vw, stop - at);
    out.set(memory(u).subarray(base / uw, base / uw + stop - at), at);
  }
  return out;
};
