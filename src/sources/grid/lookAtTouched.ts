/** What reads touch, and how much of it is there: of metadata and looks alone. */

import { hashText } from "../../kernels/hash.ts";
import type { Grid } from "../../model/grid.ts";
import type { Source } from "../../model/source.ts";
import type { Found, Touch } from "../../model/watch.ts";
import type { StoredArray } from "../storedArray.ts";
import type { Layout } from "./layout.ts";
import type { Side } from "./touched.ts";

/** Ids of the chunks of some variables, each once. */
export const chunksTouched = (sides: readonly Side[]): readonly string[] => [
  ...new Set(sides.flatMap(({ chunks }) => chunks.map(({ id }) => id))),
];

type Places = Map<string, readonly number[]>;

/** The chunks of many reads that are there, by id. */
export const lookAtTouched = async (
  wanted: Iterable<Touch>,
  sidesOf: (touch: Touch) => readonly Side[],
): Promise<ReadonlyMap<string, Found>> => {
  const arrays = new Map<StoredArray, Places>();
  for (const touch of wanted) {
    for (const { layout, chunks } of sidesOf(touch)) {
      const places: Places = arrays.get(layout.array) ?? new Map();
      arrays.set(layout.array, places);
      for (const { id, coords } of chunks) places.set(id, coords);
    }
  }
  const found = new Map<string, Found>();
  const looked = [...arrays].map(async ([array, places]) => {
    const there = await (array.look?.([...places.values()]) ?? readThem(array, places));
    for (const [id, object] of there) found.set(id, object);
  });
  await Promise.all(looked);
  return found;
};

/** Of an array in memory: reading costs nothing. */
const readThem = async (array: StoredArray, places: Places) => {
  const found = new Map<string, Found>();
  for (const [id, coords] of places) {
    const chunk = await array.chunk(coords, {});
    if (chunk !== undefined) found.set(id, { version: chunk.version });
  }
  return found;
};

export const identityOf = (
  { latitude, longitude }: Grid,
  layouts: readonly Layout[],
  absent: Source["absent"] = "missing",
): string => {
  const stored = layouts.map(({ variable, unit, array, decoding, level, fixed, members }) => [
    variable,
    unit,
    [array.dims, array.chunkShape, array.dataType, String(array.fill)],
    decoding,
    level,
    [...fixed],
    members?.indices ?? [],
  ]);
  return hashText(JSON.stringify([Array.from(latitude), Array.from(longitude), stored, absent], plainly));
};

/** Texts of what JSON has none for. */
const plainly = (_key: string, value: unknown): unknown =>
  typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value)) ? String(value) : value;
