import { type EnsembleMoments, ensembleMoments } from "../../../kernels/ensembles/ensembleMoments.ts";
import { type SortedMembers, sortedMembers } from "../../../kernels/ensembles/sortedMembers.ts";
import type { Field, Values } from "../../../model/field.ts";
import type { Pair } from "../../../model/pair.ts";
import { once } from "../once.ts";

/** The members of a field; a forecast without any is an ensemble of one. */
export const membersOf = ({ members, values }: Field): readonly Values[] => members ?? [values];

/** The forecast's members sorted place by place, once a pair. */
export const sortedForecast = (pair: Pair, variable: string): SortedMembers =>
  once(sortForecast, pair, variable);

const sortForecast = ({ forecast, places }: Pair, variable: string): SortedMembers =>
  sortedMembers(membersOf(forecast[variable]!), places.leaves);

/** Count, mean and variance of the forecast's members place by place, once a pair. */
export const forecastMoments = (pair: Pair, variable: string): EnsembleMoments =>
  once(momentsOfForecast, pair, variable);

const momentsOfForecast = (pair: Pair, variable: string): EnsembleMoments =>
  ensembleMoments(sortedForecast(pair, variable), pair.places.leaves);
