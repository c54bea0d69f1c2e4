/**
 * The made-up truth: 2 m temperature as climate + daily cycle + passing weather + one heat wave, which builds up
 * over Biscay from 6 July on, moves north-east over the Alps and ends with a front on 17 July. Kelvin.
 */
import type { SampleGrid } from "./grids.ts";
import { noisePlane } from "./noise.ts";
import { cosineOfTurns, hump, smoothStep } from "./shapes.ts";

/** How a model sees the heat wave; truth is 0, 0, 1. */
export interface View {
  /** Part of the anomaly that is missing, 0 to 1. */
  readonly missed: number;
  /** Degrees that its centre lags to the west. */
  readonly lag: number;
  /** Factor of the daily cycle. */
  readonly cycle: number;
}

export const truth: View = { missed: 0, lag: 0, cycle: 1 };

/** A value of a place, degrees; `cell` is its number where the places are those of a grid. */
export type Place = (latitude: number, longitude: number, cell: number) => number;

/** Share of land, 0 to 1. */
export const land = (): Place => {
  const pattern = noisePlane(11, 7, 0, 0);
  return (latitude, longitude) => smoothStep(0.75 + 0.8 * pattern(latitude, longitude));
};

/** Height of the ground in metres. */
export const height = (): Place => {
  const [broad, fine, ground] = [noisePlane(12, 4, 0, 0), noisePlane(13, 1.5, 0, 0), land()];
  return (latitude, longitude) => {
    const metres = 450 * broad(latitude, longitude) + 180 * fine(latitude, longitude);
    return metres <= 0 ? 0 : metres * ground(latitude, longitude, 0);
  };
};

/** What does not change: the temperature that height and latitude give, and the share of land. */
export interface Ground {
  readonly base: Place;
  readonly land: Place;
}

export const ground = (): Ground => {
  const [metres, share] = [height(), land()];
  return {
    land: share,
    base: (latitude, longitude) =>
      298.5 -
      0.42 * (latitude - 34) -
      0.0065 * metres(latitude, longitude, 0) +
      1.5 * share(latitude, longitude, 0),
  };
};

/** Values made once for every cell of a grid, for they are asked some thousand times. */
export const placesOn = ({ latitude, longitude }: SampleGrid, place: Place): Place => {
  const values = new Float64Array(latitude.length * longitude.length);
  let cell = 0;
  for (const y of latitude) {
    for (const x of longitude) {
      values[cell] = place(y, x, cell);
      cell++;
    }
  }
  return (_, __, at) => values[at]!;
};

export const groundOn = (grid: SampleGrid, { base, land }: Ground): Ground => ({
  base: placesOn(grid, base),
  land: placesOn(grid, land),
});

/** The daily cycle, -1 to 1, warmest at 15 h local time. */
export const dailyCycle = (hour: number, longitude: number): number =>
  cosineOfTurns((hour - 15 + longitude / 15) / 24);

/** The heat wave's anomaly at an hour of the sample, K, without the daily cycle. */
const heat = (hour: number, { missed, lag }: View): Place => {
  const day = hour / 24;
  const strength = 11 * (1 - missed) * smoothStep((day - 5) / 7) * (1 - smoothStep((day - 14.5) / 2.5));
  const centre = { latitude: 45 + 0.7 * (day - 9), longitude: 0 + 1.5 * (day - 9) - lag };
  return (latitude, longitude) => {
    const y = (latitude - centre.latitude) / 11;
    const x = (longitude - centre.longitude) / 15;
    return strength * hump(y * y + x * x);
  };
};

/** Passing highs and lows and their fronts, K. */
export const passingWeather = (hour: number): Place => {
  const broad = noisePlane(21, 9, hour / 60, 0.3 * hour);
  const fine = noisePlane(22, 3.5, hour / 24, 0.45 * hour);
  return (latitude, longitude) => 1.5 * broad(latitude, longitude) + 0.6 * fine(latitude, longitude);
};

/** The temperature at an hour of the sample as truth (or a model) has it, before random errors. */
export const temperature = (
  hour: number,
  { base, land }: Ground,
  view: View = truth,
  weather: Place = passingWeather(hour),
): Place => {
  const anomaly = heat(hour, view);
  return (latitude, longitude, cell) => {
    const warm = anomaly(latitude, longitude, cell);
    const range = (1 + 4.5 * land(latitude, longitude, cell)) * (1 + 0.04 * warm) * view.cycle;
    return (
      base(latitude, longitude, cell) +
      warm +
      range * dailyCycle(hour, longitude) +
      weather(latitude, longitude, cell)
    );
  };
};
