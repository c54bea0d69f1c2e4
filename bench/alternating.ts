/** Seconds of some works, done in turn, the least of all rounds: what disturbs one disturbs the others too. */
export const alternating = async <N extends string>(
  works: Readonly<Record<N, () => unknown>>,
  rounds = 9,
): Promise<Record<N, number>> => {
  const names = Object.keys(works) as N[];
  const best = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<N, number>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const began = performance.now();
      const told = await works[name]();
      // A work in another process tells its own time.
      const seconds = typeof told === "number" ? told : (performance.now() - began) / 1000;
      if (round > 0) best[name] = Math.min(best[name], seconds);
    }
  }
  return best;
};
