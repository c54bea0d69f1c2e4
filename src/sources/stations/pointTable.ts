import type { Field, Values } from "../../model/field.ts";
import type { PointSelection } from "../../model/openSource.ts";
import { lowerBound } from "../grid/sortedEntries.ts";

/** Rows of a table in the order they came; one entry a row in each list. */
export interface PointRows {
  readonly times: number[];
  readonly places: number[];
  /** Variable -> values. */
  readonly values: Readonly<Record<string, number[]>>;
}

/** Places in the order they came. */
export interface PointPlaces {
  readonly stations: readonly string[];
  readonly latitude: readonly number[];
  readonly longitude: readonly number[];
}

interface Column {
  readonly unit: string;
  /** Whether values stay in float32. */
  readonly single: boolean;
}

type Fields = Readonly<Record<string, Field>>;

/** Reports by time: which rows belong to each, and their values. Never a cube of times and points. */
export interface PointTable extends Omit<PointSelection, "at" | "versions" | "warnings"> {
  at(validTime: number): Fields | undefined;
  /** Reports left out because their point had one at that time before. */
  readonly repeats: number;
}

/**
 * Puts rows in order: points by station, latitude, longitude; reports by time and point, of several of one point at
 * one time the first.
 */
export const pointTable = (
  rows: PointRows,
  places: PointPlaces,
  columns: Readonly<Record<string, Column>>,
): PointTable => {
  const count = places.stations.length;
  const text = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const order = Uint32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) =>
      text(places.stations[a]!, places.stations[b]!) ||
      places.latitude[a]! - places.latitude[b]! ||
      places.longitude[a]! - places.longitude[b]!,
  );
  const rank = new Uint32Array(count);
  for (let i = 0; i < count; i++) rank[order[i]!] = i;

  const all = Uint32Array.from({ length: rows.times.length }, (_, i) => i).sort(
    (a, b) => rows.times[a]! - rows.times[b]! || rank[rows.places[a]!]! - rank[rows.places[b]!]! || a - b,
  );
  const kept = all.filter((row, i) => {
    const before = all[i - 1];
    return (
      before === undefined ||
      rows.times[row] !== rows.times[before] ||
      rows.places[row] !== rows.places[before]
    );
  });
  const points = Uint32Array.from(kept, (row) => rank[rows.places[row]!]!);
  const times: number[] = [];
  const starts: number[] = [];
  for (const [i, row] of kept.entries()) {
    if (i > 0 && rows.times[row] === times[times.length - 1]) continue;
    times.push(rows.times[row]!);
    starts.push(i);
  }
  starts.push(kept.length);

  const stored: Record<string, Values> = {};
  for (const [name, { single }] of Object.entries(columns)) {
    const values = rows.values[name]!;
    stored[name] = single
      ? Float32Array.from(kept, (row) => values[row]!)
      : Float64Array.from(kept, (row) => values[row]!);
  }
  const stations = Array.from(order, (i) => places.stations[i]!);
  const held = Object.values(stored).reduce((sum, { byteLength }) => sum + byteLength, 0);
  const names = stations.reduce((sum, name) => sum + 2 * name.length + 24, 0);
  return {
    stations,
    latitude: Float64Array.from(order, (i) => places.latitude[i]!),
    longitude: Float64Array.from(order, (i) => places.longitude[i]!),
    times,
    bytes: held + points.byteLength + 16 * times.length + 16 * count + names,
    repeats: all.length - kept.length,
    at(validTime) {
      const position = lowerBound(times, validTime);
      if (times[position] !== validTime) return undefined;
      const [start, stop] = [starts[position]!, starts[position + 1]!];
      const fields: Record<string, Field> = {};
      for (const [name, { unit, single }] of Object.entries(columns)) {
        const values = (single ? new Float32Array(count) : new Float64Array(count)).fill(Number.NaN);
        const from = stored[name]!;
        for (let i = start; i < stop; i++) values[points[i]!] = from[i]!;
        fields[name] = { unit, values };
      }
      return fields;
    },
  };
};
