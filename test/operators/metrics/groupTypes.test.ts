import type { OperatorFunction } from "rxjs";
import { of } from "rxjs";
import { expect, test } from "vitest";
import { EwbError } from "../../../src/model/errors.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { ClimatologyField, Pair } from "../../../src/model/pair.ts";
import type { Row } from "../../../src/model/row.ts";
import type { Variables } from "../../../src/model/units.ts";
import {
  by,
  difference,
  durationMeanError,
  flipFlopIndex,
  fractionsSkillScore,
  latitudeBand,
  leadBin,
  maximumMeanAbsoluteError,
  meanError,
  meanSquaredError,
  persistence,
  rootMeanSquaredError,
  skillScore,
  where,
  withInterval,
} from "../../../src/operators/metrics/index.ts";

/** What the compiler says is checked with the project: each `@ts-expect-error` is an error where there is none. */
declare const score: <V extends Variables>(
  ...metrics: Metric<NoInfer<V>>[]
) => OperatorFunction<Pair<V>, Row>;
declare const pair: Pair<{ surface_air_temperature: "K"; surface_wind_speed: "m s-1" }>;
declare const land: ClimatologyField<"1">;

const checked = () => {
  of(pair).pipe(
    score(
      by(rootMeanSquaredError("surface_air_temperature"), ["month", latitudeBand(30)]),
      withInterval(rootMeanSquaredError("surface_air_temperature"), { block: "5 days", resamples: 1000 }),
      skillScore(meanSquaredError("surface_wind_speed"), persistence()),
      difference(meanSquaredError("surface_wind_speed"), persistence(), { better: "low", block: 4 }),
      where(meanSquaredError("surface_wind_speed"), { land }),
      where(meanSquaredError("surface_wind_speed"), { variable: "surface_air_temperature", above: "300 K" }),
      withInterval(by(where(meanSquaredError("surface_wind_speed"), { sea: land }), [leadBin("24 h")])),
    ),
  );
  // @ts-expect-error no such variable
  of(pair).pipe(score(by(rootMeanSquaredError("surface_air_temprature"), ["month"])));
  // @ts-expect-error no such variable
  of(pair).pipe(score(withInterval(rootMeanSquaredError("surface_air_temprature"))));
  // @ts-expect-error no such variable
  of(pair).pipe(score(skillScore(rootMeanSquaredError("surface_air_temprature"), persistence())));
  by(maximumMeanAbsoluteError<{ t: "K" }>("t"), [latitudeBand(30)]);
  // @ts-expect-error a group of times would cut runs
  by(maximumMeanAbsoluteError<{ t: "K" }>("t"), ["month"]);
  // @ts-expect-error a group of times would cut runs
  by(durationMeanError<{ t: "K" }>("t", { above: "300 K" }), [leadBin("24 h")]);
  meanError<{ t: "K" }>("t", {
    by: ["season", latitudeBand(30)],
    where: [{ land }, { variable: "t", above: "300 K" }],
  });
  // @ts-expect-error a group of places would cut fields
  fractionsSkillScore<{ t: "K" }>("t", { above: "1 K", window: 3, by: [latitudeBand(30)] });
  // @ts-expect-error a group of places would cut fields
  by(fractionsSkillScore<{ t: "K" }>("t", { above: "1 K", window: 3 }), [latitudeBand(30)]);
  // @ts-expect-error a valid time has several runs, none of which can be drawn again
  withInterval(flipFlopIndex<{ t: "K" }>("t"));
  // @ts-expect-error the same
  withInterval(flipFlopIndex<{ t: "K" }>("t", { by: ["month"] }));
  // @ts-expect-error the same
  difference(flipFlopIndex<{ t: "K" }>("t"), persistence());
  // @ts-expect-error a run has one forecast of a valid time
  flipFlopIndex<{ t: "K" }>("t", { by: ["init_time"] });
  // @ts-expect-error no such break-down
  of(pair).pipe(score(by(rootMeanSquaredError("surface_air_temperature"), ["week"])));
  // @ts-expect-error "5 weeks" is no length of time
  withInterval(rootMeanSquaredError<{ t: "K" }>("t"), { block: "5 weeks" });
  // @ts-expect-error a lead bin has hours
  leadBin("24");
};

test("metrics that wrap metrics are typed as these", () => {
  expect(checked).toBeTypeOf("function");
});

const nearby = { inside: { south: 0, north: 10, west: 0, east: 10 } };

test("a metric made of several runs together has no interval", () => {
  const index: Metric<{ t: "K" }> = flipFlopIndex<{ t: "K" }>("t");
  const monthly: Metric<{ t: "K" }> = flipFlopIndex<{ t: "K" }>("t", { by: ["month"], where: nearby });
  for (const metric of [
    index,
    monthly,
    by(index, ["month"]),
    where(index, nearby),
    skillScore(index, persistence()),
  ]) {
    expect(() => withInterval(metric)).toThrow("made of several runs together");
    expect(() => withInterval(metric)).toThrow(EwbError);
    expect(() => difference(metric, persistence())).toThrow("difference: values of");
  }
});

test("a metric of whole runs cannot be broken down by time", () => {
  const refused = () => by(maximumMeanAbsoluteError<{ t: "K" }>("t") as Metric<{ t: "K" }>, ["month"]);
  expect(refused).toThrow("month");
});
