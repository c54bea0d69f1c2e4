/** A small forecast system on disk with its data set and pipeline: inits of two leads, analyses every twelve hours. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ForecastFeed, forecastFeed, hour, type TargetFeed, targetFeed, values } from "./feed.ts";

export const start = Date.UTC(2024, 5, 1);
const leads = [0, 12];

export interface SmallFeed {
  readonly data: string;
  readonly pipeline: string;
  readonly model: ForecastFeed;
  readonly analysis: TargetFeed;
  /** Lets the init of that number arrive, with its analyses; another `base` revises them. */
  arrive(number: number, base?: number): void;
}

/** @param metric expression in the pipeline */
export const pipelineText = (metric: string): string => `
import { cases, eachCase, pairs, score, writeParquet } from "ewb";
import { meanError, rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from } from "rxjs";
const names = ["surface_air_temperature"];
export default (run) =>
  cases(run).pipe(
    eachCase(run, (event) =>
      from(run.sources("forecast", { surface_air_temperature: "K" })).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets: run.sources("target", { surface_air_temperature: "K" }), variables: names })
            .pipe(score(run, rootMeanSquaredError(names[0]), ${metric})),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
`;

export const usualMetric = `meanError(names[0], { keep: ["init_time", "lead_time"] })`;

/** A case of a case file. */
export const caseText = (id: number, from: number, to: number | "open", north = 51): string => {
  const iso = (time: number) => new Date(time).toISOString().slice(0, 16);
  return `  - case_id_number: ${id}
    title: case ${id}
    event_type: heat_wave
    start_date: ${iso(from)}
    end_date: ${to === "open" ? to : iso(to)}
    location:
      type: bounded_region
      parameters: { latitude_min: 46, latitude_max: ${north}, longitude_min: 4, longitude_max: 10 }
`;
};

/** @param days of each of the two cases */
export const smallFeed = (folder: string, days = 10): SmallFeed => {
  mkdirSync(folder, { recursive: true });
  const day = 24 * hour;
  const whole = (id: number) =>
    caseText(id, start + (id - 1) * days * day, start + id * days * day - 12 * hour);
  const put = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  put("cases.yaml", `cases:\n${whole(1)}${whole(2)}`);
  const data = put(
    "data.yaml",
    `name: feed
cases: cases.yaml
forecasts: [{ name: model, zarr: model.zarr, variables: { surface_air_temperature: 2m_temperature } }]
targets: [{ name: analysis, zarr: analysis.zarr, variables: { surface_air_temperature: 2m_temperature } }]
`,
  );
  const pipeline = put("pipeline.ts", pipelineText(usualMetric));
  const model = forecastFeed(join(folder, "model.zarr"), leads);
  const analysis = targetFeed(join(folder, "analysis.zarr"));
  model.show();
  analysis.show();
  return {
    data,
    pipeline,
    model,
    analysis,
    arrive(number, base = 290) {
      const init = start + number * 12 * hour;
      for (const lead of leads) {
        analysis.put(init + lead * hour, values(base + ((number + lead / 12) % 7)));
        model.put(init, lead, values(291 + ((number * 3 + lead) % 5)));
      }
      analysis.show();
      model.show();
    },
  };
};
