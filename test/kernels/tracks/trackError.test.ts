/** Errors along and across the track of storms whose geometry is plain. */
import { expect, test } from "vitest";
import type { Track } from "../../../src/kernels/tracks/track.ts";
import { trackErrors as errorsAgainst } from "../../../src/kernels/tracks/trackError.ts";

const trackErrors = (forecast: Track, observed: Track) => {
  const errorAt = errorsAgainst(observed);
  return Array.from(forecast.times).flatMap((time, i) => {
    const [latitude, longitude] = [forecast.latitudes[i]!, forecast.longitudes[i]!];
    const error = errorAt(time, { latitude, longitude, intensity: forecast.intensities[i]! });
    return error === undefined ? [] : [{ time, ...error }];
  });
};

const track = (
  points: readonly (readonly [latitude: number, longitude: number, intensity?: number])[],
): Track => ({
  times: points.map((_, i) => i),
  latitudes: points.map(([latitude]) => latitude),
  longitudes: points.map(([, longitude]) => longitude),
  intensities: points.map(([, , intensity = 0]) => intensity),
});

const DEGREE = (6371 * Math.PI) / 180;
const close = (km: number) => expect.closeTo(km, 9);

test("along the equator: ahead, behind, right, left", () => {
  const observed = track([
    [0, 10],
    [0, 11],
    [0, 12],
    [0, 13, 40],
  ]);
  const forecast = track([
    [0, 11],
    [0, 10],
    [-1, 12],
    [1, 13, 35],
  ]);
  expect(trackErrors(forecast, observed)).toEqual([
    { time: 0, total: close(DEGREE), along: close(DEGREE), cross: close(0), intensity: 0 },
    { time: 1, total: close(DEGREE), along: close(-DEGREE), cross: close(0), intensity: 0 },
    { time: 2, total: close(DEGREE), along: close(0), cross: close(DEGREE), intensity: 0 },
    { time: 3, total: close(DEGREE), along: close(0), cross: close(-DEGREE), intensity: -5 },
  ]);
});

test("across the date line, in another convention", () => {
  const errors = trackErrors(
    track([
      [0, 181],
      [0, 183],
    ]),
    track([
      [0, 179.5],
      [0, -178],
    ]),
  );
  expect(errors.map(({ along }) => along)).toEqual([close(1.5 * DEGREE), close(DEGREE)]);
});

test("along and cross make the total, on the sphere", () => {
  const [error] = trackErrors(track([[41, -71]]), {
    ...track([
      [40, -75],
      [42, -74],
    ]),
  });
  const { total, along, cross } = error!;
  const [t, a, c] = [total, along, cross].map((km) => Math.cos(km / 6371)) as [number, number, number];
  expect(t).toBeCloseTo(a * c, 12);
  expect(along).toBeGreaterThan(0);
  expect(cross).toBeGreaterThan(0);
});

test("only common times and points; without motion no direction", () => {
  const observed = track([
    [10, 20],
    [10, 20],
    [Number.NaN, 20],
    [10, 20],
  ]);
  const errors = trackErrors(
    track([
      [10, 20],
      [11, 20],
    ]),
    observed,
  );
  expect(errors).toEqual([
    { time: 0, total: 0, along: Number.NaN, cross: Number.NaN, intensity: 0 },
    { time: 1, total: close(DEGREE), along: Number.NaN, cross: Number.NaN, intensity: 0 },
  ]);
});
