import { EwbError } from "../../model/errors.ts";
import { randomNumbers } from "./randomNumbers.ts";

/**
 * How samples that follow each other are drawn again. `iid`: one by one. `moving`: blocks of equal length that lie
 * inside the sample (Kuensch 1989, doi:10.1214/aos/1176347265). `circular`: the same, wrapping round its end
 * (Politis and Romano 1992). `stationary`: blocks of geometric length with that mean, wrapping round (Politis and
 * Romano 1994, doi:10.1080/01621459.1994.10476870).
 */
export type Blocks = "iid" | "moving" | "circular" | "stationary";

export interface ResampleOptions {
  /** How many times the sample is drawn again; 1,000 unless said. */
  readonly resamples?: number;
  /** Seed of the draws; 1 unless said. The same seed gives the same draws. */
  readonly seed?: number;
  /** `circular` where `block` is above 1, else `iid`, unless said. */
  readonly blocks?: Blocks;
  /** (Mean) length of a block; 1 unless said; at most the sample is taken. */
  readonly block?: number;
}

/**
 * Positions 0 to n - 1 that each resample takes, n a resample; the last block is cut there.
 *
 *     resampleDraws(14, { resamples: 1000, block: 4, blocks: "circular", seed: 7 })
 *
 * Throws `Options` for counts that are none.
 */
export const resampleDraws = (n: number, options: ResampleOptions = {}): Uint32Array[] => {
  const { resamples = 1000, seed = 1, block = 1 } = options;
  const blocks = options.blocks ?? (block > 1 ? "circular" : "iid");
  const refuse = (option: string, found: unknown, expected: string) =>
    new EwbError("Options", `bootstrap: ${option} is ${JSON.stringify(found)}; expected ${expected}.`);
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw refuse("resamples", resamples, "a whole number above 0");
  }
  if (!(block >= 1)) throw refuse("block", block, "a length of at least 1");
  if (blocks !== "stationary" && !Number.isInteger(block)) {
    throw refuse("block", block, "a whole number of samples");
  }
  if (!Number.isInteger(seed)) throw refuse("seed", seed, "a whole number");
  if (!["iid", "moving", "circular", "stationary"].includes(blocks)) {
    throw refuse("blocks", blocks, '"iid", "moving", "circular" or "stationary"');
  }
  const next = randomNumbers(seed);
  const below = (count: number): number => Math.floor(next() * count);
  const length = blocks === "iid" ? 1 : Math.min(block, Math.max(1, n));
  return Array.from({ length: n === 0 ? 0 : resamples }, () => {
    const draw = new Uint32Array(n);
    for (let i = 0; i < n; ) {
      if (blocks === "stationary") {
        draw[i] = i === 0 || next() < 1 / length ? below(n) : (draw[i - 1]! + 1) % n;
        i += 1;
        continue;
      }
      const start = below(blocks === "moving" ? n - length + 1 : n);
      for (let k = 0; k < length && i < n; k++, i++) draw[i] = (start + k) % n;
    }
    return draw;
  });
};
