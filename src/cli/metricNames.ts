import { closestWord } from "../kernels/closestWord.ts";
import { EwbError } from "../model/errors.ts";
import { metricDocs } from "../operators/metrics/docs.ts";

/** What something may be asked for by: factory, standard term, and the short names of the field. */
export interface Named {
  readonly name: string;
  readonly term?: string;
  readonly short?: readonly string[];
}

/** Metrics that pairs are scored by. Loads all of them: imported only where a metric is named. */
export const metricNames: readonly Named[] = metricDocs.filter(({ ofNumbers }) => ofNumbers !== true);

/**
 * The one of this name, in any letters.
 *
 * @throws `Options` where there is none, naming the closest
 * @example metricNamed("--metric RMSE", "RMSE", metricNames).name // "rootMeanSquaredError"
 */
export const metricNamed = <One extends Named>(option: string, text: string, known: readonly One[]): One => {
  const wanted = text.toLowerCase();
  const found = known.find((one) => wordsOf(one).some((word) => word.toLowerCase() === wanted));
  if (found !== undefined) return found;
  const near = closestWord(text, known.flatMap(wordsOf));
  throw new EwbError(
    "Options",
    `${option}: no such metric${near === undefined ? "." : `; did you mean ${near}?`} "ewb metrics" lists those there are.`,
  );
};

const wordsOf = ({ name, term, short = [] }: Named): readonly string[] =>
  term === undefined ? [name, ...short] : [name, term, ...short];
