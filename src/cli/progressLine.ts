import type { RunEvent } from "../model/event.ts";
import { formatBytes } from "../runtime/byteSize.ts";

type Tick = Extract<RunEvent, { event: "tick" }>;

/** One line that says how far a run is and what it waits for. Figures are counts, nothing is smoothed. */
export const progressLine = (tick: Tick, rate: number): string => {
  const { cases, units, bytes, requests, waiting, eta } = tick;
  const share = units.total > 0 ? Math.floor((100 * units.done) / units.total) : 0;
  const parts = [
    `${String(share).padStart(3)} %`,
    `cases ${cases.done}/${cases.total}`,
    `units ${units.done}/${units.total}`,
    `${formatBytes(bytes.read)} in ${requests.total} reads`,
    `${formatBytes(rate)}/s`,
  ];
  if (waiting.memory > 0) parts.push(`${waiting.memory} wait for memory`);
  parts.push(eta === null ? "time left: ?" : `about ${duration(eta)} left`);
  return parts.join("  ");
};

/** `45 s`, `3 min`, `2 h 10 min`. */
export const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
