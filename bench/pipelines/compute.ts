/** Small chunks and much arithmetic: how well processors are used. */
import { cases, eachCase, type Metric, pairs, type Run, score, type Variables, writeParquet } from "ewb";
import { concatMap, from } from "rxjs";

/** Turns of the inner loop at each place: some 100 ms a pair on the whole grid of 2.5 degrees. */
const turns = 5000;

type Count = { readonly leadHours: number; readonly hits: number; readonly n: number };

/** Share of places whose forecast and target agree after `turns` steps of a logistic map. Means nothing. */
const dear = <V extends Variables, N extends keyof V & string>(
  variable: N,
): Metric<V, ReadonlyMap<number, Count>> => ({
  name: "dear",
  term: "a metric that costs much",
  definition: "none",
  variable,
  unit: () => "1",
  parameters: {},
  needs: { variables: [variable] },
  zero: () => new Map(),
  observe: ({ matched, leadHours, forecast, target }) => {
    if (!matched) return new Map();
    const [f, o] = [forecast[variable].values, target[variable].values];
    let [hits, n] = [0, 0];
    for (let i = 0; i < o.length; i++) {
      let [a, b] = [(f[i]! % 7) / 7, (o[i]! % 7) / 7];
      for (let turn = 0; turn < turns; turn++) {
        a = 3.9 * a * (1 - a);
        b = 3.9 * b * (1 - b);
      }
      if (Math.abs(a - b) < 0.25) hits += 1;
      n += 1;
    }
    return new Map([[leadHours, { leadHours, hits, n }]]);
  },
  merge: (a, b) => {
    const sum = new Map(a);
    for (const [leadHours, { hits, n }] of b) {
      const had = sum.get(leadHours) ?? { hits: 0, n: 0 };
      sum.set(leadHours, { leadHours, hits: had.hits + hits, n: had.n + n });
    }
    return sum;
  },
  finish: (state) =>
    [...state.values()]
      .sort((a, b) => a.leadHours - b.leadHours)
      .map(({ leadHours, hits, n }) => ({ leadHours, value: hits / n, n })),
});

export default (run: Run) => {
  const forecasts = run.sources("forecast", { surface_air_temperature: "K" });
  const targets = run.sources("target", { surface_air_temperature: "K" });
  return cases(run).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
            score(run, dear("surface_air_temperature")),
          ),
        ),
      ),
    ),
    writeParquet(run, "rows.parquet"),
  );
};
