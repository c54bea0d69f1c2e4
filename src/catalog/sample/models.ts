/**
 * The two made-up models: truth with an error of their own. It grows from some 0.3 K in the analysis to 2 or 3 K
 * after a week, is another one in each run, lives for a day and a half, and too little of the heat wave is seen,
 * too late.
 */
import { noisePlane } from "./noise.ts";
import { type Ground, type Place, temperature, type View } from "./weather.ts";

export interface Model {
  readonly seed: number;
  /** Random error at lead 0 and its growth over a week, K. */
  readonly error: readonly [first: number, growth: number];
  /** Part of the heat wave that is missed at lead 0 and further after a week. */
  readonly missed: readonly [first: number, growth: number];
  /** Degrees that the heat wave lags after a week. */
  readonly lag: number;
  readonly bias: number;
  readonly cycle: number;
}

export const modelA: Model = {
  seed: 100,
  error: [0.25, 1.6],
  missed: [0.02, 0.16],
  lag: 1,
  bias: 0.05,
  cycle: 0.98,
};

export const modelB: Model = {
  seed: 900,
  error: [0.4, 2.1],
  missed: [0.05, 0.3],
  lag: 2.5,
  bias: -0.35,
  cycle: 0.9,
};

/** What a model says for `init + lead` (hours of the sample), K; `weather` is the passing weather of that hour. */
export const forecast = (model: Model, ground: Ground, init: number, lead: number, weather: Place): Place => {
  const week = lead / 168;
  const view: View = {
    missed: model.missed[0] + model.missed[1] * week,
    lag: model.lag * week,
    cycle: model.cycle,
  };
  const seen = temperature(init + lead, ground, view, weather);
  const size = model.error[0] + model.error[1] * week;
  const broad = noisePlane(model.seed + init, 6, lead / 36, 0.3 * lead);
  const fine = noisePlane(model.seed + init + 1, 2.5, lead / 24, 0.3 * lead);
  return (latitude, longitude, cell) =>
    seen(latitude, longitude, cell) +
    model.bias +
    size * (0.9 * broad(latitude, longitude) + 0.4 * fine(latitude, longitude));
};
