/** A piece of a chunk comes to the same place in a window wherever both lie. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { newArena } from "../../../src/kernels/wasm/arena.ts";
import { gather } from "../../../src/sources/grid/gather.ts";

const arena = newArena(1e6)!;
const place = (bytes: number) => arena.take(Math.ceil(bytes / 64) * 64, 1e6)!;

const pieces = fc.record({
  wide: fc.boolean(),
  chunk: fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 })),
  share: fc.tuple(...[0, 1, 2, 3].map(() => fc.double({ min: 0, max: 1, noNaN: true }))),
  margin: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 5 })),
});

test("in one arena, in two memories, number by number", () => {
  fc.assert(
    fc.property(pieces, ({ wide, chunk: [height, width], share, margin: [above, left] }) => {
      const span = (length: number, a: number, b: number) => {
        const start = Math.floor(a * (length - 1));
        return { start, stop: start + 1 + Math.floor(b * (length - start - 1)) };
      };
      const [a, b, c, d] = share as [number, number, number, number];
      const rows = span(height, a, b);
      const columns = span(width, c, d);
      const out = columns.stop - columns.start + left + 2;
      const size = (rows.stop - rows.start + above + 1) * out;
      const values = Float64Array.from({ length: height * width }, (_, i) => i + 1);
      const piece = { chunk: 0, rows, columns, target: left, base: 0, first: [0, 0] as const };
      const expected = new Float64Array(size).fill(-1);
      for (let y = rows.start; y < rows.stop; y++) {
        for (let x = columns.start; x < columns.stop; x++) {
          expected[(y - rows.start + above) * out + left + x - columns.start] = values[y * width + x]!;
        }
      }
      const numbers = wide ? Float64Array : Float32Array;
      const bytes = numbers.BYTES_PER_ELEMENT;
      const [from, to] = [place(values.length * bytes), place(size * bytes)];
      const memory = arena.buffer as unknown as ArrayBuffer;
      const near = [new numbers(memory, from, values.length), new numbers(memory, to, size)] as const;
      const far = [new numbers(values.length), new numbers(size)] as const;
      for (const [stored, window] of [near, far, [near[0], far[1]], [far[0], near[1]]] as const) {
        stored.set(values);
        window.fill(-1);
        gather(window, out, rows.start - above, piece, stored, { row: width, column: 1 });
        expect(Array.from(window)).toEqual(Array.from(expected));
      }
      for (const at of [from, to]) arena.give(at);
    }),
  );
});
