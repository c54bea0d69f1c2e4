/**
 * A metric that misbehaves as `EWB_TEST_DISTURB` (JSON) says, and whose rows are those of the metric it wraps. What
 * must happen so many times over all workers is counted in files: the first to make one has the turn.
 */
import { appendFileSync, openSync } from "node:fs";
import type { Metric, Variables } from "ewb";

export interface Disturbance {
  /** Bytes that each observation keeps for ever. */
  readonly leak?: number;
  /** Milliseconds that each observation computes. */
  readonly busy?: number;
  /** A file that each observation writes the number of its case to. */
  readonly log?: string;
  /** The worker dies at these cases, so many times each; turns by files that begin with `marks`. */
  readonly die?: {
    readonly cases: readonly number[];
    readonly times: number;
    readonly marks: string;
    readonly how: readonly Death[];
  };
  /** Observations of this case throw. */
  readonly refuse?: number;
  /** All cases are open at once. */
  readonly together?: boolean;
}

export type Death = "throw" | "exit";

const told: Disturbance = JSON.parse(process.env.EWB_TEST_DISTURB ?? "{}");
export const together = told.together ?? false;

/** A leak is just this: a list of the module that only grows. */
const kept: Uint8Array[] = [];

export const disturbed = <V extends Variables, S>(metric: Metric<V, S>, id: number): Metric<V, S> => {
  const { leak, busy, log, die, refuse } = told;
  // Some observations into the case, another number each time.
  let until = 1 + Math.floor(Math.random() * 8);
  return {
    ...metric,
    observe(pair) {
      if (log !== undefined) appendFileSync(log, `${id}\n`);
      if (leak !== undefined) kept.push(new Uint8Array(leak).fill(1));
      if (busy !== undefined) for (const end = performance.now() + busy; performance.now() < end; );
      if (refuse === id) throw new Error("this metric refuses the case");
      if (die?.cases.includes(id) && --until === 0) {
        const turn = turnOf(`${die.marks}-${id}`, die.times);
        if (turn !== undefined) deaths[die.how[turn % die.how.length]!]();
      }
      return metric.observe(pair);
    },
  };
};

/** Each ends the worker, none the program. */
const deaths: Readonly<Record<Death, () => void>> = {
  throw: () =>
    void setImmediate(() => {
      throw new Error("thrown outside any promise");
    }),
  exit: () => process.exit(3),
};

/** The first number below `most` whose file nobody has made, and the file is made; undefined: all are there. */
const turnOf = (stem: string, most: number): number | undefined => {
  for (let turn = 0; turn < most; turn++) {
    try {
      openSync(`${stem}-${turn}`, "wx");
      return turn;
    } catch {
      // Another has it.
    }
  }
  return undefined;
};
