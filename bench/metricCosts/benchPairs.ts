/** Pairs that metrics are measured on: fields of the globe of 0.25 degrees, ensembles of ten on one degree. */
import { gridPlaces } from "../../src/kernels/places.ts";
import type { Field } from "../../src/model/field.ts";
import type { ClimatologyField, Pair } from "../../src/model/pair.ts";
import { leaveOut } from "../stores/leaveOut.ts";

export const MEMBERS = 10;

/** `field`: 721 x 1440; `ensemble`: ten members on 181 x 360; `small`: on 19 x 36, for what costs places squared. */
export type PairName = "field" | "ensemble" | "small";

const sizes: Readonly<Record<PairName, readonly [rows: number, columns: number]>> = {
  field: [721, 1440],
  ensemble: [181, 360],
  small: [19, 36],
};

/** What a plain loop works on: the same arrays as the pair has. */
export interface PlainPair {
  readonly rows: number;
  readonly columns: number;
  /** Weight of each row. */
  readonly w: Float64Array;
  /** Degrees of each row and column. */
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  readonly f: Float32Array;
  readonly o: Float32Array;
  /** A climatology. */
  readonly c: Float32Array;
  readonly members: readonly Float32Array[];
  /** Other variables, forecast and target. */
  readonly other: Readonly<Record<string, readonly [Float32Array, Float32Array]>>;
}

export interface BenchPair {
  readonly pair: Pair;
  readonly plain: PlainPair;
  /** Places, times members where it has some. */
  readonly cells: number;
}

/** A climatology's field of the bench's variable. */
export const normals: ClimatologyField<"K"> = {
  kind: "climatology",
  source: { role: "climatology", name: "normals", format: "memory", address: "", variables: { t: "K" } },
  variable: "t",
  unit: "K",
  text: "normals",
};

/** A pair with 10 % missing on both sides: waves, forecasts off by other waves and some noise. `seed`: another one. */
export const benchPair = (name: PairName, seed: number): BenchPair => {
  const [rows, columns] = sizes[name];
  const size = rows * columns;
  const step = 180 / (rows - 1);
  const made = (salt: number, mean: number, wave: number, noise: number): Float32Array => {
    const next = noiseFrom(31 * seed + salt);
    const values = new Float32Array(size);
    for (let row = 0, i = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, i++) {
        const [y, x] = [row * step, column * step];
        const smooth = Math.sin(y / 19 + salt) * Math.cos(x / 23 + 2 * salt + seed);
        values[i] = mean + wave * smooth + noise * (next() - 0.5);
      }
    }
    return values;
  };
  const missing = (values: Float32Array, salt: number): Float32Array => {
    leaveOut(values, 0.1, 97 * seed + salt);
    return values;
  };
  const truth = made(1, 285, 12, 2);
  const off = (salt: number): Float32Array => {
    const error = made(salt, 0, 2, 2);
    return missing(
      truth.map((value, i) => value + error[i]!),
      salt,
    );
  };
  const members = name === "field" ? [] : Array.from({ length: MEMBERS }, (_, k) => off(10 + k));
  const o = missing(truth.slice(), 2);
  const [f, c] = [off(3), made(4, 285, 10, 0)];
  const both = (one: Float32Array, two: Float32Array) => [one, two] as const;
  const share = (salt: number): Float32Array => missing(made(salt, 0.5, 0.4, 0.2), salt);
  const event = (low: number): Float32Array =>
    missing(
      truth.map((value) => Number(value > low)),
      8,
    );
  const other = {
    v: both(off(5), missing(made(1, 285, 11, 2), 6)),
    p: both(share(20), o),
    p2: both(share(21), o),
    low: both(
      off(22).map((value) => value - 3),
      o,
    ),
    high: both(
      off(23).map((value) => value + 3),
      o,
    ),
    spread: both(missing(made(24, 3, 1, 1), 24), o),
    e: both(share(25), event(285)),
    e2: both(share(26), event(290)),
  };
  const units: Readonly<Record<string, string>> = { p: "1", p2: "1", e: "1", e2: "1" };
  const places = gridPlaces(
    {
      latitude: Float64Array.from({ length: rows }, (_, row) => 90 - row * step),
      longitude: Float64Array.from({ length: columns }, (_, column) => column * step),
    },
    { rows: { start: 0, stop: rows }, columns: [{ start: 0, stop: columns }] },
  );
  const side = (k: 0 | 1): Record<string, Field> =>
    Object.fromEntries(
      Object.entries(other).map(([variable, fields]): [string, Field] => [
        variable,
        { unit: units[variable] ?? "K", values: fields[k] },
      ]),
    );
  const start = Date.UTC(2021, 5, 1);
  const pair: Pair = {
    event: {
      id: 1,
      title: "globe",
      type: "heat_wave",
      start,
      end: start + 86_400_000,
      region: { south: -90, north: 90, west: -180, east: 180 },
    },
    ...{ initTime: start, leadHours: 24 * seed, validTime: start + 86_400_000 * seed, matched: true, places },
    forecast: {
      ...side(0),
      t: { unit: "K", values: f, ...(members.length === 0 ? {} : { members }) },
    },
    target: { ...side(1), t: { unit: "K", values: o } },
    climatology: ({ variable }) =>
      variable === "p" ? { unit: "1", values: other.p[0] } : { unit: "K", values: c },
  };
  const w = places.weights("area");
  return {
    pair,
    plain: {
      ...{ rows, columns, w, f, o, c, members, other },
      ...{ latitude: places.latitude, longitude: places.longitude },
    },
    cells: size * Math.max(1, members.length),
  };
};

const noiseFrom = (seed: number): (() => number) => {
  let state = (Math.imul(seed + 1, 0x9e3779b1) | 1) >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
};
