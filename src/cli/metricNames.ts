/** Names a metric may be asked for by: factory, standard term, and the short names of the field. */
export const metricNames: readonly {
  readonly name: string;
  readonly term: string;
  readonly short: readonly string[];
}[] = [
  { name: "meanError", term: "mean error", short: ["bias", "me"] },
  { name: "meanAbsoluteError", term: "mean absolute error", short: ["mae"] },
  { name: "meanSquaredError", term: "mean squared error", short: ["mse"] },
  { name: "rootMeanSquaredError", term: "root mean squared error", short: ["rmse"] },
  { name: "maximumMeanAbsoluteError", term: "maximum mean absolute error", short: ["maximum-mae"] },
  { name: "minimumMeanAbsoluteError", term: "minimum mean absolute error", short: ["minimum-mae"] },
  { name: "maximumLowestMeanAbsoluteError", term: "warmest-night error", short: ["warmest-night"] },
  { name: "durationMeanError", term: "duration mean error", short: ["duration"] },
  { name: "onsetMeanError", term: "onset mean error", short: ["onset"] },
  { name: "earlySignal", term: "early signal", short: ["signal"] },
];
