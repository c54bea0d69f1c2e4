/**
 * Made-up weather stations: truth at a place, off by the height and the screen of the station, in tenths of a
 * degree Celsius. A third reports every three hours; some fall silent for a day or more; a few values are missing.
 */
import { sampleStart, times } from "./grids.ts";
import { randomAt } from "./random.ts";
import { type Ground, ground, type Place, temperature } from "./weather.ts";

export interface StationReport {
  /** Milliseconds UTC. */
  readonly valid_time: number;
  readonly station: string;
  /** Degrees, longitude -180..180. */
  readonly latitude: number;
  readonly longitude: number;
  /** K; null: the station reported, but not this. */
  readonly surface_air_temperature: number | null;
}

const seed = 31;
const count = 96;

interface Station {
  readonly number: number;
  readonly id: string;
  readonly latitude: number;
  readonly longitude: number;
  /** K that the station reads above the mean of its surroundings. */
  readonly offset: number;
}

/** Stations on land, spread over the region. */
const stations = ({ land }: Ground): Station[] => {
  const found: Station[] = [];
  for (let attempt = 0; found.length < count; attempt++) {
    const latitude = Math.round((48.5 + 11.5 * randomAt(seed, attempt, 1, 0)) * 100) / 100;
    const longitude = Math.round((5.25 + 15.75 * randomAt(seed, attempt, 2, 0)) * 100) / 100;
    if (land(latitude, longitude, 0) < 0.6) continue;
    const number = found.length + 1;
    found.push({
      number,
      id: `SAMPLE${String(number).padStart(4, "0")}`,
      latitude,
      longitude,
      offset: 1.1 * randomAt(seed, attempt, 3, 0),
    });
  }
  return found;
};

const reports = ({ number }: Station, hour: number): boolean => {
  if (number % 3 === 0 && hour % 3 !== 0) return false;
  if (number % 8 === 0) {
    const silence = 7 * 24 + Math.floor(96 * (1 + randomAt(seed, number, 4, 0)));
    if (hour >= silence && hour < silence + 30) return false;
  }
  return randomAt(seed, number, 5, hour) < 0.98;
};

/** All reports, by time, then station. */
export function* stationReports(): Generator<StationReport> {
  const land = ground();
  const all = stations(land);
  for (const hour of times.analysis) {
    const truth: Place = temperature(hour, land);
    for (const station of all) {
      if (!reports(station, hour)) continue;
      const { number, id, latitude, longitude, offset } = station;
      const kelvin = truth(latitude, longitude, 0) + offset + 0.4 * randomAt(seed, number, 6, hour);
      yield {
        valid_time: sampleStart + hour * 3_600_000,
        station: id,
        latitude,
        longitude,
        surface_air_temperature:
          randomAt(seed, number, 7, hour) > 0.992
            ? null
            : (27_315 + 10 * Math.round((kelvin - 273.15) * 10)) / 100,
      };
    }
  }
}
