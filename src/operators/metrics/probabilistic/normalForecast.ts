import { EwbError } from "../../../model/errors.ts";
import type { Values } from "../../../model/field.ts";
import type { Pair } from "../../../model/pair.ts";
import { forecastMoments } from "./ensemble.ts";

/** A forecast that is a normal distribution: two forecast variables, or mean and standard deviation of the members. */
export interface NormalOptions<Name extends string> {
  readonly mean?: Name;
  readonly standardDeviation?: Name;
}

/** Names of the options. */
export const NORMAL: readonly string[] = ["mean", "standardDeviation"];

/** The same, checked; `of` undefined: of the members. */
export interface NormalForecast {
  readonly variable: string;
  readonly of: { readonly mean: string; readonly deviation: string } | undefined;
  readonly needs: {
    readonly variables: string[];
    readonly members?: boolean;
    readonly leastMembers?: number;
  };
  readonly parameters: Readonly<Record<string, string>>;
}

/** Throws `Options` where only one of both is given. */
export const parseNormal = (
  metric: string,
  variable: string,
  { mean, standardDeviation }: NormalOptions<string>,
): NormalForecast => {
  if ((mean === undefined) !== (standardDeviation === undefined)) {
    throw new EwbError(
      "Options",
      `${metric}: give both \`mean\` and \`standardDeviation\`, or neither: those of the members.`,
    );
  }
  if (mean === undefined || standardDeviation === undefined) {
    return {
      variable,
      of: undefined,
      needs: { variables: [variable], members: true, leastMembers: 2 },
      parameters: {},
    };
  }
  return {
    variable,
    of: { mean, deviation: standardDeviation },
    needs: { variables: [...new Set([variable, mean, standardDeviation])] },
    parameters: { mean, standard_deviation: standardDeviation },
  };
};

export interface NormalFields {
  readonly mean: Values;
  /** At least 0. */
  readonly deviation: Values;
}

/** Mean and standard deviation place by place. Throws `InvalidValue` where a deviation is negative. */
export const normalFields = (pair: Pair, { variable, of }: NormalForecast): NormalFields => {
  if (of === undefined) {
    const { mean, variance } = forecastMoments(pair, variable);
    return { mean, deviation: variance.map(Math.sqrt) };
  }
  const { values: deviation } = pair.forecast[of.deviation]!;
  for (let i = 0; i < deviation.length; i++) {
    if (deviation[i]! < 0) {
      throw new EwbError(
        "InvalidValue",
        `the standard deviation ${of.deviation} is ${deviation[i]} at a place; expected 0 or more.`,
        { variable: of.deviation },
      );
    }
  }
  return { mean: pair.forecast[of.mean]!.values, deviation };
};
