import { defer, EMPTY, from, type Observable } from "rxjs";
import { bilinear, nearest } from "../../kernels/matching.ts";
import type { Case } from "../../model/case.ts";
import type { Matching, PairRef, PairSet } from "../../model/pair.ts";
import type { Run } from "../../model/run.ts";
import type { Source, VariablesOf } from "../../model/source.ts";
import type { Variables } from "../../model/units.ts";
import { pairNames } from "./pairNames.ts";

/** Variables both sides have, in the same unit. */
export type Common<F extends Variables, T extends Variables> = {
  readonly [N in keyof F & keyof T & string as [F[N], T[N]] extends [T[N], F[N]] ? N : never]: F[N];
};

/** The variables of pairs of a forecast `F` and targets `T`. */
export type Shared<F extends Source, T extends Source> = Common<VariablesOf<F>, VariablesOf<T>>;

export interface PairsOptions<
  F extends Source = Source,
  T extends Source = Source,
  N extends string = string,
  NF extends string = never,
  NT extends string = never,
> {
  readonly forecast: F;
  /** All targets of the case: one forecast read serves them all. */
  readonly targets: readonly T[];
  readonly variables: readonly N[];
  /** Variables that only the forecast has, such as quantiles or a probability: missing on the target's side. */
  readonly forecastOnly?: readonly NF[];
  /** Variables that only the targets have: missing on the forecast's side. */
  readonly targetOnly?: readonly NT[];
  /** How forecasts are put on the target's places; default `"bilinear"`. */
  readonly match?: "bilinear" | "nearest" | Matching;
  /** Places beyond the forecast's grid are missing (default), or take the value at its edge. */
  readonly outside?: "missing" | "edge";
  /** Only runs that start within these times (UTC, ends included). */
  readonly inits?: { readonly from: Date | string; readonly to: Date | string };
  /** Only leads within these hours, ends included. */
  readonly leads?: { readonly from: number; readonly to: number };
  /** Also refs whose valid time no target has or that lie outside the case, for metrics that count them. */
  readonly unmatched?: boolean;
}

/**
 * The names of all forecast chunks of a case whose valid time a target has (start <= init + lead <= end), in the order
 * in which their store chunks are shared best: by init and lead, by valid time and init, or by lead and init. No bytes:
 * a filter between `pairs` and `score` prunes what is read.
 *
 * What a source never had is a line in the gaps table. A source that cannot be opened is a failure; the other
 * targets go on.
 * @example pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] })
 */
export const pairs = <
  F extends Source,
  T extends Source,
  N extends keyof Shared<F, T> & string,
  NF extends keyof VariablesOf<F> & string = never,
  NT extends keyof VariablesOf<T> & string = never,
>(
  run: Run,
  event: Case,
  options: PairsOptions<F, T, N, NF, NT>,
): Observable<PairRef<Pick<Shared<F, T>, N> & Pick<VariablesOf<F>, NF> & Pick<VariablesOf<T>, NT>>> => {
  const wanted = run.selection.forecasts;
  if (wanted !== undefined && !wanted.includes(options.forecast.name)) return EMPTY;
  const only = { forecast: options.forecastOnly ?? [], target: options.targetOnly ?? [] };
  const variables = [...new Set([...options.variables, ...only.forecast, ...only.target])];
  const unitOf = (name: string) =>
    options.forecast.variables[name] ?? options.targets.find((one) => name in one.variables)?.variables[name];
  const set: PairSet<any> = {
    event,
    forecast: options.forecast,
    targets: options.targets,
    variables,
    only,
    units: Object.fromEntries(variables.map((name) => [name, unitOf(name) ?? ""])),
    matching: matchingOf(options),
    unmatched: options.unmatched ?? false,
  };
  // A generator gives its names once: every subscription has one of its own.
  return defer(() => from(pairNames(run, set, options))) as Observable<PairRef<any>>;
};

const matchingOf = ({
  match = "bilinear",
  outside = "missing",
}: Pick<PairsOptions, "match" | "outside">): Matching => {
  if (typeof match !== "string") return match;
  return match === "nearest" ? nearest({ outside }) : bilinear({ outside });
};
