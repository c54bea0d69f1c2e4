/** Opens one unit and observes it: inside the budget, nothing but states leave. */
import type { Field } from "../../model/field.ts";
import type { Metric } from "../../model/metric.ts";
import type { Reading } from "../../model/openSource.ts";
import type { ClimatologyField, Pair, PairRef } from "../../model/pair.ts";
import { fieldName, type SetPlan, type TargetPlan } from "./setPlan.ts";

/** What one target says of one unit: a state a metric and the versions of the chunks read, or an error. */
export type Seen = { readonly target: TargetPlan } & (
  | { readonly states: readonly unknown[]; readonly versions: SideVersions }
  | { readonly error: unknown; readonly stage: "read" | "compute" }
);

export interface SideVersions {
  readonly forecast: ReadonlyMap<string, string>;
  readonly target: ReadonlyMap<string, string>;
}

/** Which targets of a set are still wanted: those without (too many) failures. */
export type Wanted = (target: TargetPlan) => boolean;

const noVersions: ReadonlyMap<string, string> = new Map();
const noFields: Readonly<Record<string, Field>> = {};

/** Reads both sides at once, and lets every metric observe every target, in its `turn`. Never rejects, but for an abort. */
export const observeUnit = async (
  plan: SetPlan,
  ref: PairRef,
  metrics: readonly Metric[],
  wanted: Wanted,
  turn: () => Promise<void>,
  signal: AbortSignal,
): Promise<readonly Seen[]> => {
  const has = ({ source }: TargetPlan) => ref.targets.includes(source.name);
  // A target without the valid time has no part in the unit, unless such refs were asked for.
  const targets = plan.targets.filter((target) => wanted(target) && (plan.set.unmatched || has(target)));
  const forecast = targets.some(has)
    ? settle(plan.forecast.read(ref.ref.slot, plan.variables, plan.window, { signal }))
    : unread;
  const sides = targets.map((target) =>
    Promise.all(
      has(target)
        ? [
            forecast,
            settle(readTarget(target, ref.validTime, plan.variables, signal)),
            settle(readClimatologies(target, ref.validTime, signal)),
          ]
        : [unread, unread, unread],
    ),
  );
  const all = await Promise.all(sides);
  await turn();
  signal.throwIfAborted();
  const seen: Seen[] = [];
  for (const [i, target] of targets.entries()) {
    const [ours, values, climatologies] = all[i]!;
    const bad = [ours, values, climatologies].find((side) => side !== undefined && "error" in side);
    if (bad !== undefined && "error" in bad) {
      seen.push({ target, error: bad.error, stage: "read" });
      continue;
    }
    const [f, t, c] = [ours, values, climatologies].map((side) => (side as { reading: Reading }).reading);
    try {
      const isMatched = has(target) && (target.values.kind === "grid" || t!.fields !== noFields);
      const pair = pairOf(plan, target, ref, isMatched, f!.fields, t!.fields, c!.fields);
      const states = metrics.map((metric) => metric.observe(pair));
      seen.push({ target, states, versions: { forecast: f!.versions, target: t!.versions } });
    } catch (error) {
      seen.push({ target, error, stage: "compute" });
    }
  }
  return seen;
};

type Settled = { readonly reading: Reading } | { readonly error: unknown };

const settle = (reading: Promise<Reading>): Promise<Settled> =>
  reading.then(
    (value) => ({ reading: value }),
    (error: unknown) => ({ error }),
  );

const unread: Settled = { reading: { fields: noFields, versions: noVersions } };

const readTarget = async (
  { values }: TargetPlan,
  validTime: number,
  variables: readonly string[],
  signal: AbortSignal,
): Promise<Reading> => {
  if (values.kind === "points") {
    return { fields: values.selection.at(validTime) ?? noFields, versions: values.selection.versions };
  }
  const { opened, window } = values;
  const slot = opened.times.kind === "target" ? opened.times.slot(validTime) : undefined;
  return slot === undefined
    ? { fields: noFields, versions: noVersions }
    : opened.read(slot, variables, window, { signal });
};

/** Fields of the climatologies by name; none where there is no entry for the day. */
const readClimatologies = async (
  target: TargetPlan,
  validTime: number,
  signal: AbortSignal,
): Promise<Reading> => {
  const read = target.climatologies.map(async ({ field, opened, window, put }) => {
    const slot = opened.times.kind === "climatology" ? opened.times.slot(validTime) : undefined;
    if (slot === undefined) return [];
    const { fields } = await opened.read(slot, [field.variable], window, { signal });
    const { unit, values } = fields[field.variable]!;
    return [[fieldName(field), { unit, values: put(values) }]] as const;
  });
  return { fields: Object.fromEntries((await Promise.all(read)).flat()), versions: noVersions };
};

const pairOf = (
  plan: SetPlan,
  target: TargetPlan,
  ref: PairRef,
  matched: boolean,
  forecastFields: Readonly<Record<string, Field>>,
  targetFields: Readonly<Record<string, Field>>,
  climatologies: Readonly<Record<string, Field>>,
): Pair => {
  const { set } = plan;
  const missing = () => new Float64Array(target.size).fill(Number.NaN);
  const forecast: Record<string, Field> = {};
  const observed: Record<string, Field> = {};
  for (const name of plan.variables) {
    const ours = forecastFields[name];
    const unit = set.units[name] ?? ours?.unit ?? "";
    forecast[name] = { unit, values: matched && ours !== undefined ? target.put(ours.values) : missing() };
    observed[name] = (matched ? targetFields[name] : undefined) ?? { unit, values: missing() };
  }
  return {
    event: set.event,
    initTime: ref.initTime,
    leadHours: ref.leadHours,
    validTime: ref.validTime,
    matched,
    places: target.places,
    forecast,
    target: observed,
    computed: new Map(),
    climatology: (field: ClimatologyField) =>
      climatologies[fieldName(field)] ?? { unit: field.unit, values: missing() },
  };
};
