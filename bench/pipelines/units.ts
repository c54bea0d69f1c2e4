/** Many small units out of memory: what is left is what the program itself costs. */
import { cases, eachCase, pairs, type Run, score } from "ewb";
import { inMemory } from "ewb/catalog";
import { meanError } from "ewb/metrics";

const [inits, leads, hour] = [40, 50, 3_600_000];
const start = Date.UTC(2021, 0, 1);
const at = (hours: number) => new Date(start + hours * hour).toISOString().slice(0, 19);
const [latitude, longitude] = [
  [50, 51],
  [0, 1],
];
const field = (count: number) => Float32Array.from({ length: count * 4 }, (_, i) => 280 + (i % 7));

const forecast = inMemory({
  role: "forecast",
  name: "forecast",
  variables: { surface_air_temperature: "K" },
  arrays: {
    surface_air_temperature: {
      dims: ["init_time", "lead_time", "latitude", "longitude"],
      coords: {
        init_time: Array.from({ length: inits }, (_, i) => at(i)),
        lead_time: Array.from({ length: leads }, (_, i) => i),
        latitude,
        longitude,
      },
      data: field(inits * leads),
    },
  },
});
const target = inMemory({
  role: "target",
  name: "target",
  variables: { surface_air_temperature: "K" },
  arrays: {
    surface_air_temperature: {
      dims: ["time", "latitude", "longitude"],
      coords: { time: Array.from({ length: inits + leads }, (_, i) => at(i)), latitude, longitude },
      data: field(inits + leads),
    },
  },
});

export default (run: Run) =>
  cases(run, {
    from: Array.from({ length: 16 }, (_, i) => ({
      id: i + 1,
      title: `case ${i + 1}`,
      type: "heat_wave",
      start,
      end: start + (inits + leads) * hour,
      region: { south: 50, north: 51, west: 0, east: 1 },
    })),
  }).pipe(
    eachCase(run, (event) =>
      pairs(run, event, { forecast, targets: [target], variables: ["surface_air_temperature"] }).pipe(
        score(run, meanError("surface_air_temperature")),
      ),
    ),
  );
