/**
 * A storm as pairs: twenty runs of five days every twelve hours, a point every six hours, against one observed track
 * that goes west and ashore; some points missing. The coast has a few thousand corners.
 */
import { pointPlaces } from "../../src/kernels/places.ts";
import type { Field } from "../../src/model/field.ts";
import type { Pair } from "../../src/model/pair.ts";

const HOUR = 3_600_000;
const RUNS = 20;
const LEADS = 20;
const CORNERS = 2000;

/** Land west of about 80 W between 15 and 45 N, with bays. */
export const ring: readonly (readonly [longitude: number, latitude: number])[] = (() => {
  const shore = Array.from({ length: CORNERS }, (_, k): [number, number] => {
    const latitude = 15 + (30 * k) / CORNERS;
    return [-80 + 2 * Math.sin(latitude) + 0.3 * Math.sin(40 * latitude), latitude];
  });
  return [...shore, [-100, 45], [-100, 15], shore[0]!];
})();

type Point = readonly [latitude: number, longitude: number, wind: number];

const places = pointPlaces(Float64Array.of(0), Float64Array.of(0));

const side = ([latitude, longitude, wind]: Point): Readonly<Record<string, Field>> => ({
  t: { unit: "m s-1", values: Float64Array.of(wind) },
  latitude: { unit: "degrees_north", values: Float64Array.of(latitude) },
  longitude: { unit: "degrees_east", values: Float64Array.of(longitude) },
});

/** Where the storm is at an hour; `off`: of a forecast that errs by so much. */
const storm = (hour: number, off: number): Point => {
  if ((hour / 6 + 3 * off) % 17 === 5) return [Number.NaN, Number.NaN, Number.NaN];
  const [days, lead] = [hour / 24, off * 0.02];
  return [
    22 + 0.9 * days + lead * Math.sin(off + days),
    -62 - 1.7 * days - lead * Math.cos(off),
    30 + 10 * Math.sin(days / 3) + lead,
  ];
};

export const stormPairs: readonly Pair[] = Array.from({ length: RUNS * (LEADS + 1) }, (_, k): Pair => {
  const [run, leadHours] = [Math.floor(k / (LEADS + 1)), 6 * (k % (LEADS + 1))];
  const hour = 12 * run + leadHours;
  return {
    event: {
      ...{ id: 1, title: "storm", type: "tropical_cyclone", start: 0, end: 1e12 },
      region: { south: -90, north: 90, west: -180, east: 180 },
    },
    ...{ initTime: 12 * run * HOUR, leadHours, validTime: hour * HOUR, matched: true, places },
    forecast: side(storm(hour, run + 1 + leadHours / 6)),
    target: side(storm(hour, 0)),
    climatology: () => ({ unit: "1", values: new Float64Array(0) }),
  };
});
