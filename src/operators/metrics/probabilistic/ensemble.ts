import { type EnsembleMoments, ensembleMoments } from "../../../kernels/ensembles/ensembleMoments.ts";
import type { Field, Values } from "../../../model/field.ts";
import type { Pair } from "../../../model/pair.ts";
import { once } from "../once.ts";

/** The members of a field; a forecast without any is an ensemble of one. */
export const membersOf = ({ members, values }: Field): readonly Values[] => members ?? [values];

/** Count, mean and variance of the forecast's members place by place, once a pair. */
export const forecastMoments = (pair: Pair, variable: string): EnsembleMoments =>
  once(momentsOfForecast, pair, variable);

const momentsOfForecast = ({ forecast, places }: Pair, variable: string): EnsembleMoments =>
  ensembleMoments(membersOf(forecast[variable]!), places.leaves);
