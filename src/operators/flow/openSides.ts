/** Opens the two sides of a pair set: metadata only, but for the reports of stations. */
import { defaultIfEmpty, lastValueFrom } from "rxjs";
import { EwbError } from "../../model/errors.ts";
import type { OpenGrid, OpenPoints, OpenSource } from "../../model/openSource.ts";
import type { PairSet } from "../../model/pair.ts";
import type { Run } from "../../model/run.ts";
import type { Source } from "../../model/source.ts";
import { failureOf } from "./failure.ts";
import { gapOf } from "./gap.ts";

/** The variables that one side has. */
export const variablesOn = (
  side: "forecast" | "target",
  { variables, only }: Pick<PairSet, "variables" | "only">,
): readonly string[] => {
  const others = side === "forecast" ? only.target : only.forecast;
  return others.length === 0 ? variables : variables.filter((name) => !others.includes(name));
};

/** Whether a target has a valid time. */
export type Has = (validTime: number) => boolean;

/** The forecast, checked; undefined: it failed, and that is in the failures table. */
export const openForecast = async (run: Run, set: PairSet): Promise<OpenGrid | undefined> => {
  try {
    const opened = await run.open(set.forecast);
    if (opened.kind !== "grid" || opened.times.kind !== "forecast") {
      throw wrongTimes(set.forecast, "a forecast", "an init time and leads");
    }
    await opened.check(variablesOn("forecast", set));
    if (set.matching.forecastWindow(opened.grid, set.event.region) === undefined) {
      run.gap(gapOf(set, undefined, "the forecast's grid has no cell near the region", 0));
      return undefined;
    }
    return opened;
  } catch (error) {
    run.fail(failureOf(error, "open", { set }));
    return undefined;
  }
};

/** Which valid times a target has; undefined: it failed, or has nothing there, and that is in a table. */
export const openTarget = async (run: Run, set: PairSet, target: Source): Promise<Has | undefined> => {
  try {
    const opened: OpenSource = await run.open(target);
    await opened.check(variablesOn("target", set));
    if (opened.kind === "points") return await openPoints(run, set, target, opened);
    const { times } = opened;
    if (times.kind !== "target") throw wrongTimes(target, "a target", "one time axis");
    if (set.matching.window(opened.grid, set.event.region) === undefined) {
      run.gap(gapOf(set, target, "the target's grid has no cell inside the region", 0));
      return undefined;
    }
    const { start, end } = set.event;
    if (!times.times.some((time) => start <= time && time <= end)) {
      run.gap(gapOf(set, target, "the target has no time within the case", 0));
      return undefined;
    }
    return (validTime) => times.slot(validTime) !== undefined;
  } catch (error) {
    run.fail(failureOf(error, "open", { set, target: target.name }));
    return undefined;
  }
};

/** Reads the reports of the case once, inside the budget. A plan does not know what stations reported. */
const openPoints = async (
  run: Run,
  set: PairSet,
  target: Source,
  opened: OpenPoints,
): Promise<Has | undefined> => {
  const { start, end } = set.event;
  const cost = opened.cost(start, end, variablesOn("target", set));
  if (run.planning) run.planned(set.event, set.forecast.name, cost, 0);
  const bytes = Math.min(cost.bytes, run.budget.limit);
  const reading = run.budget.use(bytes, () => run.select(set, opened));
  const selection = await lastValueFrom(reading.pipe(defaultIfEmpty(undefined)));
  if (selection === undefined) return () => true;
  if (selection.stations.length === 0) {
    run.gap(gapOf(set, target, "no station inside the region reported during the case", 0));
    return undefined;
  }
  const times = new Set(selection.times);
  return (validTime) => times.has(validTime);
};

const wrongTimes = (source: Source, role: string, expected: string) =>
  new EwbError(
    "MetadataInvalid",
    `${source.address}: named as ${role}, but ${expected} was expected among its dimensions and not found. ` +
      "Name it in its other role, or map its dimensions.",
    { source: source.address },
  );
