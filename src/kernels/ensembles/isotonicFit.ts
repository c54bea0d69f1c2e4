/**
 * The non-decreasing means closest to some means in the sense of weighted squares: neighbours that fall are pooled
 * until none does (pool adjacent violators; Barlow et al. 1972).
 *
 *     isotonicFit([1, 0], [1, 1]) // [0.5, 0.5]
 */
export const isotonicFit = (means: readonly number[], weights: readonly number[]): number[] => {
  const blocks: { mean: number; weight: number; count: number }[] = [];
  for (let i = 0; i < means.length; i++) {
    blocks.push({ mean: means[i]!, weight: weights[i]!, count: 1 });
    while (blocks.length > 1 && blocks.at(-2)!.mean >= blocks.at(-1)!.mean) {
      const above = blocks.pop()!;
      const below = blocks.pop()!;
      const weight = below.weight + above.weight;
      const mean = (below.mean * below.weight + above.mean * above.weight) / weight;
      blocks.push({ mean, weight, count: below.count + above.count });
    }
  }
  return blocks.flatMap(({ mean, count }) => new Array<number>(count).fill(mean));
};
