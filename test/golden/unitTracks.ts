/**
 * Landfall cases as pairs: a track is a place that moves, so position and intensity are three variables on one place. The
 * peer joins no times here: a time only one side has is a pair of that side alone.
 */
import { gridPlaces } from "../../src/kernels/places.ts";
import type { Field } from "../../src/model/field.ts";
import type { MetricRow } from "../../src/model/metric.ts";
import type { Pair } from "../../src/model/pair.ts";
import { type ExpectedRow, flat, instant, type LabelledArray, type UnitCase } from "./unitCase.ts";

/** Whether a case is about tracks. */
export const isTracks = ({ land }: UnitCase): boolean => land !== undefined;

export const TRACK_VARIABLE = "intensity";

const HOUR = 3_600_000;

const places = gridPlaces(
  { latitude: Float64Array.of(0), longitude: Float64Array.of(0) },
  { rows: { start: 0, stop: 1 }, columns: [{ start: 0, stop: 1 }] },
);

const event = {
  id: 1,
  title: "storm",
  type: "tropical_cyclone",
  start: -8.64e15,
  end: 8.64e15,
  region: { south: -90, north: 90, west: -180, east: 180 },
};

/** The three variables at an index of an array; missing without one. */
const fieldsAt = ({ coords, data }: LabelledArray, index: number | undefined): Record<string, Field> => {
  const all = { latitude: coords.latitude.data, longitude: coords.longitude.data, [TRACK_VARIABLE]: data };
  return Object.fromEntries(
    Object.entries(all).map(([name, values]) => [
      name,
      { unit: "1", values: Float64Array.of(index === undefined ? Number.NaN : flat(values)[index]!) },
    ]),
  );
};

export const trackPairs = ({ forecast, target }: UnitCase): Pair[] => {
  const leads = (forecast.coords.lead_time as number[]).map(Number);
  const inits = (forecast.coords.init_time as string[]).map(instant);
  const times = (target.coords.valid_time as string[]).map(instant);
  const pair = (initTime: number, leadHours: number, index: number | undefined): Pair => {
    const validTime = initTime + leadHours * HOUR;
    const at = times.indexOf(validTime);
    return {
      event,
      initTime,
      leadHours,
      validTime,
      matched: at >= 0,
      places,
      forecast: fieldsAt(forecast, index),
      target: fieldsAt(target, at < 0 ? undefined : at),
      climatology: () => ({ unit: "1", values: Float64Array.of(Number.NaN) }),
    };
  };
  const pairs = inits.flatMap((initTime, i) =>
    leads.map((lead, l) => pair(initTime, lead, i * leads.length + l)),
  );
  const covered = new Set(pairs.map(({ validTime }) => validTime));
  const alone = times.filter((time) => !covered.has(time));
  return [...pairs, ...alone.map((time) => pair(time - leads[0]! * HOUR, leads[0]!, undefined))];
};

/** How the places and times of landfalls differ from those the peer's rows carry. */
export const placeDifferences = (rows: readonly MetricRow[], expected: readonly ExpectedRow[]): string[] =>
  expected.flatMap((wanted) => {
    const row = rows.find(
      ({ initTime }) => typeof wanted.init_time === "string" && initTime === instant(wanted.init_time),
    );
    return Object.entries(wanted as unknown as Record<string, unknown>).flatMap(([name, value]) => {
      if (!/_landfall_/.test(name)) return [];
      const isTime = typeof value === "string";
      const number = isTime ? instant(value) : Number(value);
      const got = row?.extra?.[name];
      // Times are given to the nanosecond and read to the millisecond.
      const close = got !== undefined && Math.abs(got - number) <= (isTime ? 1.5 : 1e-10);
      return close ? [] : [`${wanted.init_time} ${name}: got ${got}, expected ${value}`];
    });
  });
