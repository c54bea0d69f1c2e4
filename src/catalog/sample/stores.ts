/**
 * The sample's Zarr stores as plain descriptions, chunk by chunk; whoever has a disk writes them. Layouts are those
 * a user meets: ERA5 and WeatherBench 2 names, hours since a date, latitude both ways, longitude both ways.
 */
import { climate, quantiles } from "./climate.ts";
import { coarseGrid, fieldOn, fineGrid, type SampleGrid, times } from "./grids.ts";
import { forecast, type Model, modelA, modelB } from "./models.ts";
import { axes, coordinate, field, instants, integers, type SampleArray } from "./sampleArray.ts";
import { ground, groundOn, type Place, passingWeather, placesOn, temperature } from "./weather.ts";

export interface SampleStore {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly arrays: readonly SampleArray[];
}

/** `(time, latitude, longitude)`, hourly, three hours a chunk; longitudes 0..360 from 348 through 0 to 23. */
export const analysisStore = (): SampleStore => {
  const land = groundOn(fineGrid, ground());
  const hours = times.analysis;
  const size = fineGrid.latitude.length * fineGrid.longitude.length;
  const chunk = ([first]: readonly number[]) => {
    const of = hours.slice(3 * first!, 3 * first! + 3);
    const values = new Float32Array(of.length * size);
    of.forEach((hour, i) => void fieldOn(fineGrid, temperature(hour, land), values, i * size));
    return values;
  };
  return {
    attributes: titled("Synthetic analysis"),
    arrays: [
      instants("time", hours),
      ...axes(fineGrid, true),
      field([hours.length], ["time"], [3], fineGrid, chunk),
    ],
  };
};

/** `(time, prediction_timedelta, latitude, longitude)` on the grid of the analysis, one field a chunk. */
export const modelAStore = (): SampleStore =>
  modelStore("Synthetic forecasts, model A", modelA, fineGrid, true, 1);

/** The same at one degree, south to north, longitudes -180..180, eight leads a chunk. */
export const modelBStore = (): SampleStore =>
  modelStore("Synthetic forecasts, model B", modelB, coarseGrid, false, 8);

const modelStore = (
  title: string,
  model: Model,
  grid: SampleGrid,
  circle: boolean,
  leadsAChunk: number,
): SampleStore => {
  const land = groundOn(grid, ground());
  const { inits, leads } = times;
  const size = grid.latitude.length * grid.longitude.length;
  const weather = weatherOn(grid);
  const chunk = ([i, l]: readonly number[]) => {
    const of = leads.slice(l! * leadsAChunk, (l! + 1) * leadsAChunk);
    const values = new Float32Array(of.length * size);
    of.forEach((lead, at) => {
      const init = inits[i!]!;
      fieldOn(grid, forecast(model, land, init, lead, weather(init + lead)), values, at * size);
    });
    return values;
  };
  const lengths = [inits.length, leads.length];
  return {
    attributes: titled(title),
    arrays: [
      instants("time", inits),
      integers("prediction_timedelta", leads, { long_name: "lead time", units: "hours" }),
      ...axes(grid, circle),
      field(lengths, ["time", "prediction_timedelta"], [1, leadsAChunk], grid, chunk),
    ],
  };
};

/** `(quantile, dayofyear, hour, latitude, longitude)` on the grid of the analysis, five days a chunk. */
export const climatologyStore = (): SampleStore => {
  const land = groundOn(fineGrid, ground());
  const { days, hours } = times;
  const size = fineGrid.latitude.length * fineGrid.longitude.length;
  const chunk = ([q, d, h]: readonly number[]) => {
    const of = days.slice(5 * d!, 5 * d! + 5);
    const values = new Float32Array(of.length * size);
    of.forEach((day, i) => {
      fieldOn(fineGrid, climate(quantiles[q!]!, day, hours[h!]!, land), values, i * size);
    });
    return values;
  };
  return {
    attributes: titled("Synthetic climatology"),
    arrays: [
      coordinate("quantile", Float64Array.from(quantiles), { units: "1" }),
      integers("dayofyear", days, {}),
      integers("hour", hours, {}),
      ...axes(fineGrid, true),
      field(
        [quantiles.length, days.length, hours.length],
        ["quantile", "dayofyear", "hour"],
        [1, 5, 1],
        fineGrid,
        chunk,
      ),
    ],
  };
};

/** Passing weather of an hour on a grid; each of the hours is asked by many runs. */
const weatherOn = (grid: SampleGrid): ((hour: number) => Place) => {
  const made = new Map<number, Place>();
  return (hour) => {
    let place = made.get(hour);
    if (place === undefined) {
      place = placesOn(grid, passingWeather(hour));
      made.set(hour, place);
    }
    return place;
  };
};

const titled = (title: string) => ({
  Conventions: "CF-1.10",
  title,
  comment: "Made by formulas for the embedded sample of ewb: no observations, no real forecast.",
});
