/**
 * What a run is waiting for, in one sentence, from its ticks: where worker time went in the last 30 s, and whether
 * memory, requests or workers would change that. And a stall: no unit finished for 30 s though there is work.
 */
import { type Stage, stages, type TickEvent } from "../../model/event.ts";
import { formatBytes } from "../byteSize.ts";

const lately = 30;
const [storeShare, memoryShare] = [0.3, 0.25];

/** The ticks of the last 30 s, and one before them, of the ticks of a run in order: all that is needed here. */
export const latelyOf = (ticks: readonly TickEvent[]): readonly TickEvent[] => {
  const now = ticks.at(-1)?.t ?? 0;
  const first = ticks.findIndex(({ t }) => t > now - lately);
  return ticks.slice(Math.max(0, first - 1));
};

/** Share of worker time of each stage between the first tick and the last, 0 to 1; undefined: none was counted. */
export const sharesOf = (ticks: readonly TickEvent[]): Readonly<Record<Stage, number>> | undefined => {
  const [first, last] = [ticks[0], ticks.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  // Of a single tick: all time since the start.
  const spent = (stage: Stage) => last.stages[stage] - (first === last ? 0 : first.stages[stage]);
  const all = stages.reduce((sum, stage) => sum + spent(stage), 0);
  if (!(all > 0)) return undefined;
  return Object.fromEntries(stages.map((stage) => [stage, spent(stage) / all])) as Record<Stage, number>;
};

/** Where worker time goes most, with what would help; undefined before anything was measured. */
export const causeOf = (ticks: readonly TickEvent[]): string | undefined => {
  const recent = latelyOf(ticks);
  const shares = sharesOf(recent);
  const last = recent.at(-1);
  if (shares === undefined || last === undefined) return undefined;
  const said = (share: number) => `${Math.round(100 * share)} %`;
  // A unit that waits for bytes now and then is no sign that more of them would help.
  const isShort = 2 * recent.filter(({ memory }) => memory.waiting > 0).length > recent.length;
  if (shares.waitStore > storeShare) {
    return `mostly waiting for the store (${said(shares.waitStore)}): ${storeText(last, isShort)}`;
  }
  if (shares.waitMemory > memoryShare) {
    const { budget, largest } = last.memory;
    const unit = largest === null ? "" : `, largest unit ${formatBytes(largest)}`;
    return (
      `mostly waiting for memory (${said(shares.waitMemory)}): budget ${formatBytes(budget)}${unit}; ` +
      "more memory would help; more workers would not"
    );
  }
  const most = stages.reduce((a, b) => (shares[b] > shares[a] ? b : a));
  return `mostly ${doing[most]} (${said(shares[most])})${helps[most]}`;
};

const storeText = ({ requests, memory }: TickEvent, isShort: boolean): string => {
  const { median_ms, in_flight, limit, throttled } = requests;
  const parts = [
    median_ms === null ? "no request was answered yet" : `median request ${Math.round(median_ms)} ms`,
    `${in_flight}${limit === null ? "" : ` of ${limit}`} in flight`,
    ...(throttled > 0 ? [`${throttled} "slow down" answers`] : []),
  ];
  // Units that wait for bytes keep requests from being asked, unless the store's own limit does.
  const helps =
    isShort && in_flight < (limit ?? Number.POSITIVE_INFINITY)
      ? `${memory.waiting} units wait for memory: with more of it more could be asked for at once`
      : "more memory or workers would not help";
  return `${parts.join(", ")}; ${helps}`;
};

/** What a stage is called in a sentence. */
export const doing: Readonly<Record<Stage, string>> = {
  read: "reading",
  decode: "decoding",
  compute: "computing",
  write: "writing",
  waitMemory: "waiting for memory",
  waitStore: "waiting for the store",
  idle: "idle",
};

const helps: Readonly<Record<Stage, string>> = {
  read: ": a faster network or disk would help",
  decode: ": more workers would help where there are cores for them",
  compute: ": more workers would help where there are cores for them",
  write: "",
  waitMemory: "",
  waitStore: "",
  idle: ": sources are being opened, or there is less work than workers",
};

/** Seconds since a unit finished, while there is work; 0 below 30 s. `since` is when `done` last changed. */
export const stalledFor = (tick: TickEvent, since: number): number => {
  const isWork = tick.units.total > tick.units.done || tick.workers.some(({ key }) => key !== null);
  const seconds = tick.t - since;
  return isWork && seconds >= lately ? seconds : 0;
};

/** One sentence about a stall: how long, the unit that is in work longest, the cause. */
export const stallText = (seconds: number, ticks: readonly TickEvent[]): string => {
  const last = ticks.at(-1);
  const oldest = (last?.workers ?? [])
    .filter(({ begun }) => begun !== null)
    .sort((a, b) => a.begun! - b.begun!)[0];
  const unit =
    oldest === undefined
      ? "no unit is in work"
      : `the oldest in work is case ${oldest.case}, ${oldest.source}, ${oldest.key}, ` +
        `for ${Math.round(last!.t - oldest.begun!)} s`;
  const cause = causeOf(ticks);
  return `no unit has finished for ${Math.round(seconds)} s; ${unit}${cause === undefined ? "" : `; ${cause}`}`;
};
