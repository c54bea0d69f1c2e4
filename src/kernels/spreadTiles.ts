import type { Values } from "../model/field.ts";
import type { Stencil } from "./stencil.ts";
import type { ValuesModule } from "./valuesModule.ts";
import { placed } from "./wasm/instance.ts";

/**
 * `spread` onto a grid by SIMD, some rows of places after another with the source rows they need: each source row is
 * put onto the columns once, then two of them are weighed. `down` and `across` are positions in `values`, rows of
 * `width` values, -1 where there is nothing.
 */
export const spreadTiles = (
  module: ValuesModule,
  values: Values,
  width: number,
  down: Stencil,
  across: Stencil,
  out: Float64Array,
): Float64Array => {
  const columns = across.first.length;
  const tiles = tilesOf(down, Math.max(1, Math.floor(TILE / Math.max(1, columns))));
  const rows = Math.max(0, ...tiles.map(({ start, stop }) => stop - start));
  const sources = Math.max(0, ...tiles.map(({ first, last }) => last - first));
  const vw = values.BYTES_PER_ELEMENT;
  const even = (columns + 1) & ~1;
  let bytes = 0;
  const place = (length: number): number => {
    const at = bytes;
    bytes += (length + 15) & ~15;
    return at;
  };
  const places = {
    left: place(even * 4),
    right: place(even * 4),
    beside: place(even * 8),
    upper: place(rows * 4),
    lower: place(rows * 4),
    below: place(rows * 8),
    made: place(sources * 4),
    values: place(sources * width * vw),
    lines: place(sources * even * 8),
    out: place(rows * columns * 8 + 8),
  };
  const room = module.room(bytes, values);
  const { i32, f64, base, run } = room;
  const at = (name: keyof typeof places): number => base + places[name];
  for (let c = 0; c < even; c++) {
    const outside = c >= columns || across.first[c]! < 0;
    i32[at("left") / 4 + c] = outside ? 0 : across.first[c]!;
    i32[at("right") / 4 + c] = outside ? 0 : across.second[c]!;
    f64[at("beside") / 8 + c] = outside ? Number.NaN : across.weight[c]!;
  }
  for (const { start, stop, first, last } of tiles) {
    for (let r = start; r < stop; r++) {
      i32[at("upper") / 4 + r - start] = down.first[r]! < 0 ? -1 : down.first[r]! - first;
      i32[at("lower") / 4 + r - start] = down.second[r]! - first;
    }
    f64.set(down.weight.subarray(start, stop), at("below") / 8);
    i32.fill(0, at("made") / 4, at("made") / 4 + last - first);
    run.spread(
      placed(room, values, first * width, last * width, at("values")),
      vw,
      width,
      at("left"),
      at("right"),
      at("beside"),
      columns,
      at("upper"),
      at("lower"),
      at("below"),
      stop - start,
      at("lines"),
      at("made"),
      at("out"),
    );
    const from = at("out") / 8;
    out.set(f64.subarray(from, from + (stop - start) * columns), start * columns);
  }
  return out;
};

/** Places of a tile, unless a row has more. */
const TILE = 8_192;

/** Rows of places, and the source rows [first, last) they need. */
interface Rows {
  readonly start: number;
  readonly stop: number;
  readonly first: number;
  readonly last: number;
}

const tilesOf = ({ first, second }: Stencil, atOnce: number): Rows[] => {
  const tiles: Rows[] = [];
  for (let start = 0; start < first.length; start += atOnce) {
    const stop = Math.min(start + atOnce, first.length);
    let low = Number.POSITIVE_INFINITY;
    let high = -1;
    for (let r = start; r < stop; r++) {
      if (first[r]! < 0) continue;
      low = Math.min(low, first[r]!, second[r]!);
      high = Math.max(high, first[r]!, second[r]!);
    }
    tiles.push({ start, stop, first: high < 0 ? 0 : low, last: high + 1 });
  }
  return tiles;
};
