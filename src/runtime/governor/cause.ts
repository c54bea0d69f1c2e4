/** The words for a run that goes one by one, or ends, for want of memory: who holds how much, and what to try. */
import { formatBytes } from "../byteSize.ts";
import type { Pressure } from "../machine/pressure.ts";
import type { Signals } from "./signals.ts";

/** Bytes that no count sees of a program at work: its heap, and pages that are free but kept by the C library. */
const heapAtWork = 100e6;

/**
 * Why memory is short: this process tree (`own`), or others. With `hard`, why the run ends.
 * @example causeOf(signals, true) // "this process tree holds 1.1 GB of 1.0 GB although one unit is in work: ..."
 */
export const causeOf = (
  { limit, rss, baseline, resident, states, pressure }: Signals,
  own: boolean,
  hard?: number,
) => {
  const other = Math.max(0, rss - baseline - resident - states);
  const why =
    other > Math.max(0.05 * limit, heapAtWork)
      ? "which only a leak in the pipeline or a foreign library explains"
      : "so the limit is too small for one unit";
  const what = own
    ? `this process tree holds ${formatBytes(rss)} of ${formatBytes(limit)} although one unit is in work: ` +
      `${formatBytes(baseline)} from the start, ${formatBytes(resident)} of buffers, ${formatBytes(states)} of ` +
      `states and ${formatBytes(other)} of other memory, ${why}`
    : `other processes took the memory: ${pressureText(pressure)}; this process tree holds ${formatBytes(rss)}`;
  if (hard === undefined) return `${what}; the run goes on one unit at a time`;
  return `${what}; the next steps would cross ${formatBytes(hard)}: give more memory, or find what grows`;
};

const pressureText = ({ inUse, limit, of, fullAvg10 }: Pressure = {}): string =>
  [
    ...(inUse === undefined || limit === undefined
      ? []
      : [`${formatBytes(inUse)} of ${formatBytes(limit)} of the ${of} are in use`]),
    ...(fullAvg10 === undefined
      ? []
      : [`all tasks waited for memory ${fullAvg10} % of the last ten seconds`]),
  ].join(", ");
