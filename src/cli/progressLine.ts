import type { Stage, TickEvent } from "../model/event.ts";
import { formatBytes } from "../runtime/byteSize.ts";
import { causeOf, doing, latelyOf, sharesOf } from "../runtime/stages/cause.ts";

/** Stages that a line shows, in this order, and their short names. */
const shown: readonly (readonly [Stage, string])[] = [
  ["read", "read"],
  ["decode", "decode"],
  ["compute", "compute"],
  ["write", "write"],
  ["waitMemory", "wait memory"],
  ["waitStore", "wait store"],
];

/**
 * One line for a terminal: how far, the time left as a range, how full the budget is, where worker time went in the
 * last 30 s (per cent). Stages below 1 % are left out; where the line is wider than `width` the units go first, then
 * the smallest stages.
 */
export const progressLine = (ticks: readonly TickEvent[], width: number): string => {
  const tick = ticks.at(-1)!;
  const { units, memory } = tick;
  const shares = sharesOf(latelyOf(ticks));
  const held = memory.units + memory.cache + memory.states;
  const times = shown
    .map(([stage, name]) => ({ name, percent: Math.round(100 * (shares?.[stage] ?? 0)) }))
    .filter(({ percent }) => percent >= 1);
  const line = (withUnits: boolean, most: number) => {
    const largest = times.toSorted((a, b) => b.percent - a.percent).slice(0, most);
    const spent = times
      .filter((one) => largest.includes(one))
      .map(({ name, percent }) => `${name} ${percent}`);
    return [
      `${percentDone(tick)} %`,
      ...(withUnits ? [`${units.done}/${units.total} units`] : []),
      timeLeft(tick),
      ...(memory.budget > 0 ? [`memory ${Math.round((100 * held) / memory.budget)} %`] : []),
      ...(spent.length > 0 ? [spent.join(" ")] : []),
    ].join("  ");
  };
  const choices = [line(true, times.length)];
  for (let most = times.length; most >= 0; most--) choices.push(line(false, most));
  return (choices.find((text) => text.length <= width) ?? choices.at(-1)!).slice(0, width);
};

/** The same in full, for a log, with what the run is waiting for. */
export const plainLine = (ticks: readonly TickEvent[], rate: number): string => {
  const tick = ticks.at(-1)!;
  const { cases, units, bytes, requests, memory } = tick;
  const shares = sharesOf(latelyOf(ticks));
  const spent = shown
    .filter(([stage]) => (shares?.[stage] ?? 0) >= 0.005)
    .map(([stage]) => `${doing[stage]} ${Math.round(100 * shares![stage])} %`);
  const held = memory.units + memory.cache + memory.states;
  const parts = [
    `${percentDone(tick).trim()} %`,
    `cases ${cases.done}/${cases.total}`,
    `units ${units.done}/${units.total}`,
    `${formatBytes(bytes.read)} in ${requests.total} reads`,
    `${formatBytes(rate)}/s`,
    ...(memory.budget > 0 ? [`${formatBytes(held)} of ${formatBytes(memory.budget)} memory`] : []),
    ...(memory.rss === null ? [] : [`process ${formatBytes(memory.rss)}`]),
    timeLeft(tick),
    ...(spent.length > 0 ? [spent.join(", ")] : []),
  ];
  const cause = causeOf(ticks);
  return `${parts.join("  ")}${cause === undefined ? "" : `; ${cause}`}`;
};

const percentDone = ({ units }: TickEvent): string =>
  String(units.total > 0 ? Math.floor((100 * units.done) / units.total) : 0).padStart(3);

/** `40 to 60 s left`, `3 min left`; `time left: ?` before it is known. */
const timeLeft = ({ eta }: TickEvent): string => {
  if (eta === null) return "time left: ?";
  const [low, high] = [duration(eta.low), duration(eta.high)];
  if (low === high) return `${low} left`;
  const [lowUnit, highUnit] = [low, high].map((text) => text.replace(/^\d+ /, ""));
  return `${lowUnit === highUnit ? low.slice(0, -lowUnit!.length - 1) : low} to ${high} left`;
};

/** `45 s`, `3 min`, `2 h 10 min`. */
export const duration = (seconds: number): string => {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};
