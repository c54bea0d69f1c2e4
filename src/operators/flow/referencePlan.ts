/**
 * Other forecasts that a unit is measured against (`needs.references`): of another source, of the same init and lead;
 * or what the target itself was at the init time. Where they are read, and how they are put on a target's places.
 */
import { unchanged } from "../../kernels/spread.ts";
import type { Slot } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { Window } from "../../model/grid.ts";
import type { Metric } from "../../model/metric.ts";
import type { OpenGrid } from "../../model/openSource.ts";
import type { PairRef, PairSet, Places, Put, ReferenceForecast } from "../../model/pair.ts";
import type { Run } from "../../model/run.ts";
import type { TargetPlan } from "./setPlan.ts";

/** A slot of the ref; undefined: there is none. */
type SlotOf = (ref: Pick<PairRef, "initTime" | "leadHours">) => Slot | undefined;

export type ReferencePlan = {
  /** What it is called in a unit: one name, one forecast. */
  readonly name: string;
} & (
  | {
      readonly kind: "grid";
      readonly opened: OpenGrid;
      readonly window: Window;
      readonly put: Put;
      readonly slot: SlotOf;
      /** It lies where the target does, and is cut as the target is. */
      readonly ofTarget: boolean;
    }
  | { readonly kind: "points" }
);

export const referenceName = ({ kind, source, text }: ReferenceForecast): string =>
  `${kind} ${source?.name ?? ""} ${text}`;

/** Every reference that the metrics need, once. */
export const distinctReferences = (metrics: readonly Metric[]): readonly ReferenceForecast[] => {
  const found = new Map<string, ReferenceForecast>();
  for (const { needs } of metrics)
    for (const one of needs.references ?? []) found.set(referenceName(one), one);
  return [...found.values()];
};

/** @throws `Options` for a reference without a source, `MetadataInvalid` where it is no forecast or not near the region */
export const planReference = (
  run: Run,
  set: PairSet,
  reference: ReferenceForecast,
  values: TargetPlan["values"],
  places: Places,
): ReferencePlan => {
  const name = referenceName(reference);
  if (reference.kind === "persistence") {
    if (values.kind === "points") return { name, kind: "points" };
    const { opened, window } = values;
    const slot: SlotOf = ({ initTime }) =>
      opened.times.kind === "target" ? opened.times.slot(initTime) : undefined;
    return { name, kind: "grid", opened, window, put: unchanged, slot, ofTarget: true };
  }
  const { source } = reference;
  if (source === undefined) {
    throw new EwbError(
      "Options",
      `the reference ${reference.text} has no source: give one by otherForecast(source).`,
    );
  }
  const refuse = (what: string) =>
    new EwbError("MetadataInvalid", `${source.address}: used as a reference, but ${what}.`, {
      source: source.address,
    });
  const opened = run.opened(source);
  if (opened?.kind !== "grid" || opened.times.kind !== "forecast")
    throw refuse("it has no init time and leads");
  const window = set.matching.forecastWindow(opened.grid, set.event.region);
  if (window === undefined) throw refuse("its grid has no cell near the region");
  const put = set.matching.put(opened.grid, window, places);
  return { name, kind: "grid", opened, window, put, slot: slotsOf(opened, set), ofTarget: false };
};

const hour = 3_600_000;

/** Slots by init and lead, listed when the first is asked for. */
const slotsOf = ({ times }: OpenGrid, { event, unmatched }: PairSet): SlotOf => {
  let slots: Map<string, Slot> | undefined;
  const list = () => {
    const all = new Map<string, Slot>();
    if (times.kind !== "forecast") return all;
    const [from, to] = unmatched
      ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
      : [event.start, event.end];
    for (const { initTime, lead, slot } of times.refs(from, to)) all.set(`${initTime} ${lead / hour}`, slot);
    return all;
  };
  return ({ initTime, leadHours }) => {
    slots ??= list();
    return slots.get(`${initTime} ${leadHours}`);
  };
};
