/** A grid source stored in chunks of any shape: values are made up of their place and time, costs and versions are real. */
import type { ChunkCost, Slot } from "../../../src/model/chunk.ts";
import type { Field } from "../../../src/model/field.ts";
import type { Grid, Window } from "../../../src/model/grid.ts";
import { windowSize } from "../../../src/model/grid.ts";
import type { OpenGrid, TimeAxis } from "../../../src/model/openSource.ts";
import type { Role, Source } from "../../../src/model/source.ts";

export interface Chunked {
  readonly role: Role;
  readonly name: string;
  readonly grid: Grid;
  readonly times: TimeAxis;
  /** Rows and columns of a chunk; entries of each dimension of a slot that lie in one chunk (1 unless said). */
  readonly rows: number;
  readonly columns: number;
  readonly deep?: Slot;
  readonly single?: boolean;
  /** Of 100 chunks so many are absent. */
  readonly absent?: number;
  readonly fails?: (chunk: string) => boolean;
  readonly preprocess?: Source["preprocess"];
}

const hash = (text: string): number => {
  let mixed = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x01000193);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return ((mixed ^ (mixed >>> 12)) >>> 0) / 4_294_967_296;
};

export const chunkedGrid = (options: Chunked) => {
  const { role, name, grid, times, deep = {}, single = false, absent = 0, fails, preprocess } = options;
  const source: Source<{ t: "K" }> = {
    role,
    name,
    format: "memory",
    address: `memory:${name}`,
    variables: { t: "K" },
    ...(preprocess === undefined ? {} : { preprocess }),
  };
  const depth = Object.values(deep).reduce((product, length) => product * length, 1);
  const size = options.rows * options.columns * depth * (single ? 4 : 8);
  const shape = [...Object.values(deep), options.rows, options.columns];
  const chunkOf = (slot: Slot, row: number, column: number) => {
    const outer = Object.entries(slot).map(([dim, at]) => Math.floor(at / (deep[dim] ?? 1)));
    return [...outer, Math.floor(row / options.rows), Math.floor(column / options.columns)].join(".");
  };
  const cells = function* ({ rows, columns }: Window) {
    for (let row = rows.start; row < rows.stop; row++)
      for (const { start, stop } of columns)
        for (let column = start; column < stop; column++) yield [row, column] as const;
  };
  const chunksOf = (slot: Slot, { rows, columns }: Window) => {
    const found = new Map<string, ChunkCost>();
    for (let row = rows.start; row < rows.stop; row += options.rows - (row % options.rows))
      for (const { start, stop } of columns)
        for (let column = start; column < stop; column += options.columns - (column % options.columns)) {
          const id = `${name}/${chunkOf(slot, row, column)}`;
          found.set(id, {
            id,
            bytes: size,
            encoded: Math.ceil(size / 2),
            array: `${source.address}/t2m`,
            shape,
          });
        }
    return [...found.values()];
  };
  const isAbsent = (id: string) => hash(`${id} absent`) * 100 < absent;
  const open: OpenGrid = {
    kind: "grid",
    source,
    grid,
    times,
    warnings: [],
    level: () => null,
    members: () => 1,
    check: async () => {},
    cost: (slot, variables, window) => ({
      bytes: variables.length * windowSize(window) * (single ? 4 : 8),
      chunks: chunksOf(slot, window),
    }),
    read: async (slot, variables, window) => {
      const values = single ? new Float32Array(windowSize(window)) : new Float64Array(windowSize(window));
      const chunks = chunksOf(slot, window);
      for (const { id } of chunks) if (fails?.(id)) throw new Error(`chunk ${id} is damaged`);
      const seed = Math.floor(hash(`${name} ${JSON.stringify(slot)}`) * 2 ** 31);
      const missing = new Map<string, boolean>();
      let at = 0;
      for (const [row, column] of cells(window)) {
        const drawn = (Math.imul(seed ^ (row * 7919 + column * 104729), 0x2c1b3c6d) >>> 8) / 2 ** 24;
        // The float32 of 290.3 is below it: whether a threshold is met depends on the precision of the values.
        const value = drawn < 0.3 ? 290.3 : 270 + 40 * drawn;
        const place = `${Math.floor(row / options.rows)} ${Math.floor(column / options.columns)}`;
        const gone = missing.get(place) ?? isAbsent(`${name}/${chunkOf(slot, row, column)}`);
        missing.set(place, gone);
        values[at++] = gone || drawn > 0.97 ? Number.NaN : value;
      }
      const fields: Record<string, Field> = {};
      for (const variable of variables) fields[variable] = { unit: "K", values };
      return {
        fields,
        versions: new Map(chunks.map(({ id }) => [id, isAbsent(id) ? "absent" : `v${id}`])),
      };
    },
  };
  return { source, open };
};
