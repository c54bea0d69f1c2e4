/** Storms as pairs: a track is a place that moves, so position and wind are three variables on one place. */
import { pointPlaces } from "../../src/kernels/places.ts";
import type { Field } from "../../src/model/field.ts";
import type { Pair } from "../../src/model/pair.ts";
import { randomPairs } from "../../src/testing.ts";

export type Storm = { wind: "m s-1"; latitude: "degrees_north"; longitude: "degrees_east" };

export const HOUR = 3_600_000;

export const box = (west: number, south: number, east: number, north: number) =>
  [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ] as const;

/** Land east of 80 W between 20 and 45 N, open ocean around it. */
export const coast = {
  name: "a box",
  land: { type: "Polygon", coordinates: [box(-80, 20, -60, 45)] },
  ocean: { type: "Polygon", coordinates: [box(-110, 5, -40, 50), box(-80, 20, -60, 45)] },
} as const;

export type Point = readonly [latitude: number, longitude: number, wind: number];

export const nowhere: Point = [Number.NaN, Number.NaN, Number.NaN];

const places = pointPlaces(Float64Array.of(0), Float64Array.of(0));

const side = ([latitude, longitude, wind]: Point): Record<keyof Storm, Field> => ({
  wind: { unit: "m s-1", values: Float64Array.of(wind) },
  latitude: { unit: "degrees_north", values: Float64Array.of(latitude) },
  longitude: { unit: "degrees_east", values: Float64Array.of(longitude) },
});

const region = { south: -90, north: 90, west: -180, east: 180 };

/** Points every 6 hours: a target, and runs by their init hour. */
export const storm = (target: readonly Point[], runs: Readonly<Record<number, readonly Point[]>>): Pair[] =>
  Object.entries(runs).flatMap(([init, points]) =>
    points.map((point, i): Pair => {
      const hour = Number(init) + 6 * i;
      return {
        event: { id: 1, title: "", type: "", start: -1e12, end: 1e12, region },
        initTime: Number(init) * HOUR,
        leadHours: 6 * i,
        validTime: hour * HOUR,
        matched: target[hour / 6] !== undefined,
        places,
        forecast: side(point),
        target: side(target[hour / 6] ?? nowhere),
        climatology: () => ({ unit: "1", values: new Float64Array(0) }),
      };
    }),
  );

/** Random storms around the box, one truth for all runs, some points missing; some refs without a target. */
export const randomStorms = (seed: number): Pair[] =>
  randomPairs(seed, {
    variables: { wind: "m s-1", latitude: "degrees_north", longitude: "degrees_east" },
    ranges: { wind: [10, 70], latitude: [15, 50], longitude: [-95, -65] },
  }).map((pair, i) => {
    const point = (fields: Pair["forecast"]): Point => [
      fields.latitude!.values[0]!,
      fields.longitude!.values[0]!,
      fields.wind!.values[0]!,
    ];
    const matched = (i + seed) % 5 !== 0;
    return {
      ...pair,
      matched,
      places,
      forecast: side(matched ? point(pair.forecast) : nowhere),
      target: side(matched ? point(pair.target) : nowhere),
    };
  });
