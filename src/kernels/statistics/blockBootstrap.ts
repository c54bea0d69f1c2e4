import { meanOfDraw } from "./bootstrapConfidenceInterval.ts";
import { type ResampleOptions, resampleDraws } from "./resampleDraws.ts";

/**
 * Replicates of a statistic (the mean, unless said) of samples that follow each other, by drawing blocks of them:
 * circular blocks unless said.
 *
 *     blockBootstrap(differences, { block: 4, resamples: 1000, seed: 1 })
 *     blockBootstrap(differences, { draws })
 */
export const blockBootstrap = (
  values: ArrayLike<number>,
  options: ResampleOptions & {
    readonly draws?: readonly ArrayLike<number>[];
    readonly statistic?: (draw: ArrayLike<number>) => number;
  } = {},
): Float64Array => {
  const statistic = options.statistic ?? meanOfDraw(values);
  const draws = options.draws ?? resampleDraws(values.length, { blocks: "circular", ...options });
  return Float64Array.from(draws, (draw) => statistic(draw));
};
