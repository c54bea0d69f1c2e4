import { newElements, type TypedArray } from "./elements.ts";
import type { ElementType } from "./elementType.ts";

const leastInt64 = -9223372036854775808n;
const big = (value: number) => (Number.isFinite(value) ? BigInt(Math.trunc(value)) : leastInt64);

/** A copy of `values` as another type, as numpy's astype: towards zero and wrapped, anything but 0 is true. */
export function convert(values: TypedArray, type: ElementType): TypedArray {
  const out = newElements(type, values.length);
  if (type.name === "bool") {
    for (let i = 0; i < values.length; i++) out[i] = Number(values[i]) === 0 ? 0 : 1;
  } else if (out instanceof BigInt64Array || out instanceof BigUint64Array) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      out[i] = typeof value === "bigint" ? value : big(value);
    }
  } else if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    const exact = type.name.startsWith("float") ? 64 : 32;
    for (let i = 0; i < values.length; i++) {
      out[i] = Number(exact === 64 ? values[i]! : BigInt.asIntN(32, values[i]!));
    }
  } else {
    out.set(values);
  }
  return out;
}
