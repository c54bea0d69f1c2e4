/** Opens one unit and observes it: inside the budget, nothing but states leave. */
import { pooledSize } from "../../kernels/pooledSize.ts";
import { isEwbError } from "../../model/errors.ts";
import type { Field, Values } from "../../model/field.ts";
import type { Workspace } from "../../model/memory.ts";
import type { Metric } from "../../model/metric.ts";
import type { Reading } from "../../model/openSource.ts";
import type { ClimatologyField, Computed, Pair, PairRef } from "../../model/pair.ts";
import type { Run } from "../../model/run.ts";
import type { Stages } from "../../model/stages.ts";
import type { UnitReadings } from "./commonReadings.ts";
import { referenceName } from "./referencePlan.ts";
import { fieldName, type SetPlan, type TargetPlan } from "./setPlan.ts";

/** What one target says of one unit: a state a metric and the versions of the chunks read, or an error. */
export type Seen = { readonly target: TargetPlan } & (
  | {
      readonly states: readonly unknown[];
      readonly versions: SideVersions;
      readonly filled?: SideChunks;
    }
  | {
      readonly error: unknown;
      readonly stage: "read" | "compute";
      /** Which side could not be read. */
      readonly side?: keyof SideVersions;
    }
);

/** See `Reading.filled`. */
export type SideChunks = Readonly<Record<"forecast" | "target", ReadonlySet<string> | undefined>>;

export interface SideVersions {
  readonly forecast: ReadonlyMap<string, string>;
  readonly target: ReadonlyMap<string, string>;
  /** Climatologies and other fields beside the two. */
  readonly beside: ReadonlyMap<string, string>;
}

/** Which targets of a set are still wanted: those without (too many) failures. */
export type Wanted = (target: TargetPlan) => boolean;

/** What a unit is read with. */
export interface UnitOptions {
  readonly signal: AbortSignal;
  readonly memory: Workspace;
  /** Reads what other units need too. */
  readonly common: UnitReadings;
  readonly stages: Stages;
  readonly measure?: Run["measure"];
  /** Whether it is to be told which chunks hold any value. */
  readonly tellFilled?: boolean;
}

const noVersions: ReadonlyMap<string, string> = new Map();
const noFields: Readonly<Record<string, Field>> = {};
const unreadVersions: SideVersions = { forecast: noVersions, target: noVersions, beside: noVersions };
const unreadFields = { forecast: noFields, target: noFields, climatologies: noFields, references: noFields };

/** Reads both sides at once, and lets every metric observe every target, in its `turn`. Never rejects, but for an abort. */
export const observeUnit = async (
  plan: SetPlan,
  ref: PairRef,
  metrics: readonly Metric[],
  wanted: Wanted,
  turn: () => Promise<void>,
  options: UnitOptions,
): Promise<readonly Seen[]> => {
  const { signal, memory, stages } = options;
  const has = ({ source }: TargetPlan) => ref.targets.includes(source.name);
  // A target without the valid time has no part in the unit, unless such refs were asked for.
  const targets = plan.targets.filter((target) => wanted(target) && (plan.set.unmatched || has(target)));
  const forecast = targets.some(has)
    ? settle(
        plan.forecast.read(ref.ref.slot, plan.on.forecast, plan.window, {
          ...options,
          members: plan.members,
        }),
      )
    : unread;
  const sides = targets.map((target) => {
    if (!has(target)) return { all: [unread, unread, unread, unread] as const, computed: undefined };
    const { validTime } = ref;
    const common = options.common.read(target, validTime, {
      read(memory, signal) {
        const alone = { ...options, memory, signal };
        const [t, c] = [
          settle(readTarget(target, validTime, plan.on.target, alone)),
          settle(readClimatologies(target, validTime, alone)),
        ];
        return Promise.all([t, c, new Map()]);
      },
      isFailed: ([t, c]) => "error" in t || "error" in c,
    });
    const references = settle(readReferences(plan, target, ref, options));
    return Promise.all([forecast, common, references]).then(([f, [t, c, computed], r]) => ({
      all: [f, t, c, r] as const,
      computed,
    }));
  });
  const all = await Promise.all(sides);
  await turn();
  signal.throwIfAborted();
  const seen: Seen[] = [];
  for (const [i, target] of targets.entries()) {
    const { all: read, computed: common } = all[i]!;
    const at = read.findIndex((side) => "error" in side);
    if (at >= 0) {
      const { error } = read[at] as { error: unknown };
      seen.push({ target, error, stage: "read", side: (["forecast", "target"] as const)[at] ?? "beside" });
      continue;
    }
    const [f, t, c, r] = read.map((side) => (side as { reading: Reading }).reading);
    const isMatched = has(target) && (target.values.kind === "grid" || t!.fields !== noFields);
    const missing = () => memory.float64(target.size).fill(Number.NaN);
    const fields = {
      ...{ forecast: f!.fields, target: t!.fields },
      ...{ climatologies: c!.fields, references: r!.fields },
    };
    const pair = () => pairOf(plan, target, ref, isMatched, fields, missing, memory, common);
    const beside = r!.versions.size === 0 ? c!.versions : new Map([...c!.versions, ...r!.versions]);
    const versions = { forecast: f!.versions, target: t!.versions, beside };
    const found = stages.during("compute", () => statesOf(target, pair, metrics, versions, options.measure));
    const filled = { forecast: f!.filled, target: t!.filled };
    seen.push(options.tellFilled && "states" in found ? { ...found, filled } : found);
  }
  return seen;
};

/**
 * What metrics make of a ref whose valid time no target has: nothing is read, all is missing.
 *
 * @param missing as many missing values as the target has places; never changed
 */
export const observeUnmatched = (
  plan: SetPlan,
  ref: PairRef,
  metrics: readonly Metric[],
  wanted: Wanted,
  missing: (target: TargetPlan) => Values,
): readonly Seen[] =>
  plan.targets.filter(wanted).map((target) => {
    const pair = () => pairOf(plan, target, ref, false, unreadFields, () => missing(target));
    return statesOf(target, pair, metrics, unreadVersions);
  });

const statesOf = (
  target: TargetPlan,
  make: () => Pair,
  metrics: readonly Metric[],
  versions: SideVersions,
  measure?: Run["measure"],
): Seen => {
  try {
    const pair = make();
    const projected = pooledSize(target.size * 8);
    const states = metrics.map((metric) => {
      const work = () => observed(metric, pair);
      return measure === undefined ? work() : measure(metric.name, projected, work);
    });
    return { target, states, versions };
  } catch (error) {
    return { target, error, stage: "compute" };
  }
};

/** What a metric makes of a pair; an error that is not ours is given its name. */
const observed = (metric: Metric, pair: Pair): unknown => {
  try {
    return metric.observe(pair);
  } catch (cause) {
    if (isEwbError(cause) || !(cause instanceof Error)) throw cause;
    const error = new Error(`${metric.name}("${metric.variable}"): ${cause.message}`, { cause });
    error.name = cause.name;
    throw error;
  }
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
  options: UnitOptions,
): Promise<Reading> => {
  if (values.kind === "points") {
    return { fields: values.selection.at(validTime) ?? noFields, versions: values.selection.versions };
  }
  const { opened, window } = values;
  const slot = opened.times.kind === "target" ? opened.times.slot(validTime) : undefined;
  return slot === undefined
    ? { fields: noFields, versions: noVersions }
    : opened.read(slot, variables, window, options);
};

/** Fields of the climatologies by name; none where there is no entry for the day. */
const readClimatologies = async (
  target: TargetPlan,
  validTime: number,
  options: UnitOptions,
): Promise<Reading> => {
  const read = new Map<string, string>();
  const reading = target.climatologies.map(async ({ field, opened, window, put }) => {
    const slot = opened.times.kind === "climatology" ? opened.times.slot(validTime) : undefined;
    if (slot === undefined) return [];
    const { fields, versions } = await opened.read(slot, [field.variable], window, options);
    const { unit, values } = fields[field.variable]!;
    for (const [chunk, version] of versions) read.set(chunk, version);
    return [[fieldName(field), { unit, values: put(values, options.memory) }]] as const;
  });
  // All are over when this is: one that came later would take arrays of a unit that is no more.
  const all = (await Promise.allSettled(reading)).flatMap((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
  return { fields: Object.fromEntries(all), versions: read };
};

/** Fields of the references by name and variable; none where there is none for the init and lead. */
const readReferences = async (
  plan: SetPlan,
  { values, references }: TargetPlan,
  ref: PairRef,
  options: UnitOptions,
): Promise<Reading> => {
  const versions = new Map<string, string>();
  const found: Record<string, Field> = {};
  const reading = references.map(async (one) => {
    if (one.kind === "points") {
      const then = values.kind === "points" ? values.selection.at(ref.initTime) : undefined;
      for (const name of plan.on.target) {
        const field = then?.[name];
        if (field !== undefined)
          found[`${one.name} ${name}`] = plan.members ? { ...field, members: [field.values] } : field;
      }
      return;
    }
    const slot = one.slot(ref);
    if (slot === undefined) return;
    const members = plan.members && !one.ofTarget;
    const variables = one.ofTarget ? plan.on.target : plan.on.forecast;
    const read = await one.opened.read(slot, variables, one.window, { ...options, members });
    const put = (field: Values): Values => one.put(field, options.memory);
    for (const [chunk, version] of read.versions) versions.set(chunk, version);
    for (const name of variables) {
      const { unit, values, members = [values] } = read.fields[name]!;
      const each = plan.members ? { members: members.map(put) } : {};
      found[`${one.name} ${name}`] = { unit, values: put(values), ...each };
    }
  });
  for (const one of await Promise.allSettled(reading)) if (one.status === "rejected") throw one.reason;
  return { fields: found, versions };
};

/** Nothing yet, and what was asked of the pair before. */
const computedAfter = ({ asked }: TargetPlan): Computed => {
  const [before, now] = [asked.last, new Map()];
  asked.last = now;
  return Object.assign(new Map(), { asked: { before, now } });
};

const pairOf = (
  plan: SetPlan,
  target: TargetPlan,
  ref: PairRef,
  matched: boolean,
  fields: Readonly<Record<keyof typeof unreadFields, Readonly<Record<string, Field>>>>,
  missing: () => Values,
  memory?: Workspace,
  common?: NonNullable<Pair["common"]>,
): Pair => {
  const { set } = plan;
  const forecast: Record<string, Field> = {};
  const observed: Record<string, Field> = {};
  for (const name of plan.variables) {
    const ours = fields.forecast[name];
    const unit = set.units[name] ?? ours?.unit ?? "";
    const put = (values: Values): Values => target.put(values, memory);
    const values = matched && ours !== undefined ? put(ours.values) : missing();
    const members = plan.members
      ? { members: matched && ours?.members ? ours.members.map(put) : [values] }
      : {};
    forecast[name] = { unit, values, ...members };
    observed[name] = (matched ? fields.target[name] : undefined) ?? { unit, values: missing() };
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
    computed: computedAfter(target),
    ...(common === undefined ? {} : { common }),
    climatology: (field: ClimatologyField) =>
      fields.climatologies[fieldName(field)] ?? { unit: field.unit, values: missing() },
    ...(target.references.length === 0
      ? {}
      : {
          reference: (reference, name) => {
            const field = fields.references[`${referenceName(reference)} ${name}`];
            if (field !== undefined && matched) return field;
            const values = missing();
            return { unit: forecast[name]!.unit, values, ...(plan.members ? { members: [values] } : {}) };
          },
        }),
  };
};
