import { CodecError } from "./codecError.ts";
import type { Configuration } from "./configuration.ts";
import { type Stage, type Step, sameSize } from "./step.ts";

/** `order` as a permutation: Zarr 3's list, or its older "C" and "F". */
function permutation(order: unknown, rank: number): readonly number[] {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  if (order === "C") return axes;
  if (order === "F") return axes.reverse();
  if (Array.isArray(order) && order.length === rank && axes.every((axis) => order.includes(axis)))
    return order;
  const found = `order ${JSON.stringify(order) ?? "absent"}`;
  throw new CodecError({ codec: "transpose", found, expected: `each of 0 to ${rank - 1} once` });
}

/** Elements as the widest words that fit: nothing is interpreted. */
const words = (bytes: Uint8Array, width: number) =>
  width % 4 === 0 && bytes.byteOffset % 4 === 0
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    : bytes;

/** The stored axis i is axis order[i] of the chunk. Decoding walks the chunk in C order and gathers. */
export function transpose(configuration: Configuration, { shape, width }: Stage): Step {
  const order = permutation(configuration.order, shape.length);
  const after = { shape: order.map((axis) => shape[axis]!), width };
  const plain = order.every((axis, i) => axis === i);
  return {
    name: "transpose",
    encodedSize: sameSize,
    after,
    decode(encoded, _, buffers) {
      if (plain) return encoded;
      const out = buffers.take(encoded.length);
      const aligned = encoded.byteOffset % 4 === 0 ? encoded : Uint8Array.prototype.slice.call(encoded);
      const [from, to] = [words(aligned, width), words(out, width)];
      const unit = width / from.BYTES_PER_ELEMENT;
      // How far one step along an axis of the chunk goes in what is stored.
      const steps: number[] = [];
      order.reduceRight((stride, axis) => {
        steps[axis] = stride;
        return stride * shape[axis]!;
      }, unit);
      const index = shape.map(() => 0);
      const last = shape.length - 1;
      const run = shape[last]!;
      const step = steps[last]!;
      for (let at = 0, base = 0; at < to.length; ) {
        for (let i = 0, source = base; i < run; i++, source += step) {
          for (let word = 0; word < unit; word++) to[at++] = from[source + word]!;
        }
        let axis = last - 1;
        for (; axis >= 0; axis--) {
          base += steps[axis]!;
          index[axis]! += 1;
          if (index[axis]! < shape[axis]!) break;
          base -= index[axis]! * steps[axis]!;
          index[axis] = 0;
        }
        if (axis < 0) break;
      }
      return out;
    },
  };
}
