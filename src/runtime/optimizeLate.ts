/**
 * When V8 optimizes a function. By default it is soon, in threads of its own beside the run, once in every worker: of a run
 * of two seconds a quarter of all processor time, for code that is over before it pays. What runs four times as long
 * before it is optimized leaves the cores to the work: 1087 pairs with two workers took 2.3 s and 4.0 CPU s before,
 * 1.65 s and 2.8 CPU s with it (Node 20, 2 cores); long runs do not notice.
 */
import { setFlagsFromString } from "node:v8";

/** Units of bytecode; V8's own: 132 kB on Node 20, 66 kB on Node 24. */
export const interruptBudget = "--interrupt-budget=500000";

/** To be called before anything is loaded; holds for all threads of the process. */
export const optimizeLate = (): void => setFlagsFromString(interruptBudget);
