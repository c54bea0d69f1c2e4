import { gridPlaces, pointPlaces } from "../kernels/places.ts";
import type { Field, Values } from "../model/field.ts";
import type { ClimatologyField, Pair, Places } from "../model/pair.ts";
import { random, whole } from "./random.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2021, 11, 30);

export interface RandomPairs {
  readonly variables: Readonly<Record<string, string>>;
  /** Values lie in this range; `[270, 310]` unless said. */
  readonly range?: readonly [number, number];
  /** Another range for some variables. */
  readonly ranges?: Readonly<Record<string, readonly [number, number]>>;
  /** Whether forecasts are ensembles of one to five members, some of them missing here and there. */
  readonly members?: boolean;
}

/**
 * Pairs of a made-up case: one to four runs of up to nine leads on a small grid (either orientation, even or
 * uneven columns) or on a list of points, float32 or float64, with missing places and missing fields, and one
 * truth for all runs. The same seed gives the same pairs.
 */
export const randomPairs = (
  seed: number,
  { variables, range: usual = [270, 310], ranges = {}, members = false }: RandomPairs,
): Pair[] => {
  const next = random(seed);
  const places = randomPlaces(next);
  const size = places.leaves.at(-1)!;
  const single = next() < 0.5;
  const gaps = next() < 0.5 ? 0 : 0.3;
  // A few values come again and again, so that ties and values on a threshold happen.
  const value = ([low, high]: readonly [number, number], step: number): number =>
    next() < 0.2 ? low + whole(next, 0, 3) * step : low + next() * (high - low);
  const values = (name?: string): Values => {
    const own = name === undefined ? undefined : ranges[name];
    const range = own ?? usual;
    const step = own === undefined ? 10 : (own[1] - own[0]) / 3;
    const made = single ? new Float32Array(size) : new Float64Array(size);
    const missing = next() < gaps / 2;
    for (let i = 0; i < size; i++) made[i] = missing || next() < gaps ? Number.NaN : value(range, step);
    return made;
  };
  const fields = (): Record<string, Field> =>
    Object.fromEntries(
      Object.entries(variables).map(([name, unit]) => [name, { unit, values: values(name) }]),
    );
  const count = members ? whole(next, 1, 5) : 0;
  const ensembles = (): Record<string, Field> =>
    Object.fromEntries(
      Object.entries(variables).map(([name, unit]) => {
        const made = Array.from({ length: count }, () => values(name));
        return [name, { unit, values: meanOf(made), members: made }];
      }),
    );
  const targets = new Map<number, Record<string, Field>>();
  const normals = new Map<string, Field>();
  const step = [3, 6, 12][whole(next, 0, 2)]! * HOUR;
  const event = {
    id: 1,
    title: "random",
    type: "heat_wave",
    start: START,
    end: START + 40 * 24 * HOUR,
    region: { south: -90, north: 90, west: -180, east: 180 },
  };
  const pairs: Pair[] = [];
  const leads = whole(next, 1, 9);
  for (let run = 0, runs = whole(next, 1, 4); run < runs; run++) {
    const initTime = START + run * 12 * HOUR;
    for (let lead = 0; lead < leads; lead++) {
      if (next() < gaps / 3) continue;
      const validTime = initTime + lead * step;
      if (!targets.has(validTime)) targets.set(validTime, fields());
      pairs.push({
        event,
        initTime,
        leadHours: (lead * step) / HOUR,
        validTime,
        matched: true,
        places,
        forecast: members ? ensembles() : fields(),
        target: targets.get(validTime)!,
        climatology: ({ text, unit }: ClimatologyField) => {
          const key = `${text} ${validTime}`;
          if (!normals.has(key)) normals.set(key, { unit, values: values() });
          return normals.get(key)!;
        },
      });
    }
  }
  return pairs;
};

/** The mean of the members present, place by place, in their precision. */
const meanOf = (members: readonly Values[]): Values =>
  members[0]!.map((_, i) => {
    const present = members.map((member) => member[i]!).filter((value) => !Number.isNaN(value));
    return present.reduce((sum, value) => sum + value, 0) / present.length;
  });

const randomPlaces = (next: () => number): Places => {
  const rows = whole(next, 1, 6);
  const columns = whole(next, 1, 9);
  const south = whole(next, -80, 40);
  if (next() < 0.3) {
    return pointPlaces(
      Float64Array.from({ length: rows }, () => next() * 180 - 90),
      Float64Array.from({ length: rows }, () => next() * 360 - 180),
    );
  }
  const latitude = Float64Array.from({ length: rows }, (_, i) => south + i * 2);
  const uneven = next() < 0.3;
  const longitude = Float64Array.from({ length: columns }, (_, i) => 100 + i + (uneven && i % 2 ? 0.25 : 0));
  return gridPlaces(
    { latitude: next() < 0.5 ? latitude : latitude.reverse(), longitude },
    { rows: { start: 0, stop: rows }, columns: [{ start: 0, stop: columns }] },
  );
};
