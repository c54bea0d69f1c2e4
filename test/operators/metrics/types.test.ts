import type { OperatorFunction } from "rxjs";
import { of } from "rxjs";
import { expect, test } from "vitest";
import * as compat from "../../../src/compat/ewb11/index.ts";
import type { Metric } from "../../../src/model/metric.ts";
import type { Pair } from "../../../src/model/pair.ts";
import type { Row } from "../../../src/model/row.ts";
import type { Variables } from "../../../src/model/units.ts";
import {
  climatologyQuantile,
  durationMeanError,
  earlySignal,
  maximumMeanAbsoluteError,
  onsetMeanError,
  rootMeanSquaredError,
} from "../../../src/operators/metrics/index.ts";

/** What the compiler says is checked with the project: each `@ts-expect-error` is an error where there is none. */
declare const score: <V extends Variables>(
  ...metrics: Metric<NoInfer<V>>[]
) => OperatorFunction<Pair<V>, Row>;
declare const pair: Pair<{ surface_air_temperature: "K"; surface_wind_speed: "m s-1" }>;
declare const normals: {
  role: "climatology";
  name: string;
  format: "zarr";
  address: string;
  variables: { surface_air_temperature: "K" };
};

const checked = () => {
  const heat = climatologyQuantile(normals, 0.85);
  of(pair).pipe(
    score(
      rootMeanSquaredError("surface_air_temperature", { keep: ["init_time"] }),
      maximumMeanAbsoluteError("surface_air_temperature", { within: "24 h" }),
      durationMeanError("surface_air_temperature", { above: heat, space: "each" }),
      durationMeanError("surface_wind_speed", { below: "15 m s-1", strictly: true }),
      onsetMeanError("surface_air_temperature", { above: "288.15 K" }),
      earlySignal("surface_wind_speed", { above: "15 m s-1", where: { above: "10 m s-1" }, space: "half" }),
      compat.rootMeanSquaredError("surface_air_temperature"),
      compat.maximumMeanAbsoluteError("surface_air_temperature", { within: "24 h" }),
      compat.durationMeanError("surface_air_temperature", { above: heat }),
      compat.durationMeanError("surface_air_temperature", { thresholdCriteria: 300, opFunc: "<=" }),
    ),
  );
  // @ts-expect-error Argument of type '"surface_air_temprature"' is not assignable to parameter of type …
  of(pair).pipe(score(rootMeanSquaredError("surface_air_temprature")));
  // @ts-expect-error Type '"15 degC"' is not assignable to type 'Threshold<"K">'.
  of(pair).pipe(score(durationMeanError("surface_air_temperature", { above: "15 degC" })));
  // @ts-expect-error Type '"15 degC"' is not assignable to type 'Threshold<"K">'.
  of(pair).pipe(score(onsetMeanError("surface_air_temperature", { below: "15 degC" })));
  // @ts-expect-error Type '"15 K"' is not assignable to type 'Threshold<"m s-1">'.
  of(pair).pipe(score(earlySignal("surface_wind_speed", { above: "15 K" })));
  // @ts-expect-error Type '"15 K"' is not assignable to type 'Threshold<"m s-1">'.
  of(pair).pipe(score(earlySignal("surface_wind_speed", { above: "1 m s-1", where: { above: "15 K" } })));
  // @ts-expect-error ClimatologyField<"K"> is no Threshold<"m s-1">.
  of(pair).pipe(score(durationMeanError("surface_wind_speed", { above: heat })));
  // @ts-expect-error Type '"24 hours"' is not assignable to type '`${number} h`'.
  of(pair).pipe(score(maximumMeanAbsoluteError("surface_air_temperature", { within: "24 hours" })));
  // @ts-expect-error both `above` and `below`.
  of(pair).pipe(score(durationMeanError("surface_air_temperature", { above: "1 K", below: "2 K" })));
  // @ts-expect-error Argument of type '"anything"' is not assignable to parameter of type 'never'.
  rootMeanSquaredError("anything");
  // @ts-expect-error the same for the peer's.
  of(pair).pipe(score(compat.durationMeanError("surface_air_temperature", { above: "15 degC" })));
};

test("the compiler checks the lines above", () => expect(checked).toBeTypeOf("function"));
