/**
 * What all units of one pair set share, made once from metadata: which cells are read on each side, where the
 * target's values lie, how forecast and climatology are put there.
 */
import { gridPlaces, pointPlaces } from "../../kernels/places.ts";
import { pooledSize } from "../../kernels/pooledSize.ts";
import { unchanged } from "../../kernels/spread.ts";
import type { ChunkCost, Cost, Slot } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import { type Window, windowSize } from "../../model/grid.ts";
import type { Metric } from "../../model/metric.ts";
import type { OpenGrid, OpenSource, PointSelection } from "../../model/openSource.ts";
import type { ClimatologyField, Computed, PairRef, PairSet, Places, Put } from "../../model/pair.ts";
import type { Run } from "../../model/run.ts";
import type { Source } from "../../model/source.ts";
import { variablesOn } from "./openSides.ts";
import { distinctReferences, planReference, type ReferencePlan } from "./referencePlan.ts";

export interface SetPlan {
  readonly set: PairSet;
  readonly forecast: OpenGrid;
  readonly window: Window;
  /** Variables any metric asks for, and those of them that each side has. */
  readonly variables: readonly string[];
  readonly on: { readonly forecast: readonly string[]; readonly target: readonly string[] };
  readonly targets: readonly TargetPlan[];
  /** Whether any metric looks at the members of the forecast one by one. */
  readonly members: boolean;
  /** A metric that needs all places of a unit at once; undefined: a unit may be cut. */
  readonly whole: string | undefined;
}

export interface TargetPlan {
  readonly source: Source;
  /** Where its values come from. */
  readonly values:
    | { readonly kind: "grid"; readonly opened: OpenGrid; readonly window: Window }
    | { readonly kind: "points"; readonly selection: PointSelection };
  readonly places: Places;
  readonly size: number;
  readonly put: Put;
  readonly climatologies: readonly ClimatologyPlan[];
  readonly references: readonly ReferencePlan[];
  /** What metrics asked of the pair that was observed last. */
  readonly asked: { last: NonNullable<Computed["asked"]>["now"] };
}

export interface ClimatologyPlan {
  readonly field: ClimatologyField;
  readonly opened: OpenGrid;
  readonly window: Window;
  readonly put: Put;
}

const bytesPerValue = 8;

/** @throws `MetadataInvalid` where a climatology does not cover the region or has no days */
export const planSet = (run: Run, set: PairSet, metrics: readonly Metric[]): SetPlan => {
  const forecast = run.opened(set.forecast) as OpenGrid;
  const window = set.matching.forecastWindow(forecast.grid, set.event.region)!;
  const distinct = distinctFields(metrics.flatMap(({ needs }) => needs.climatologies ?? []));
  const others = distinctReferences(metrics);
  const targets = set.targets.flatMap((source): TargetPlan[] => {
    const where = locate(run, set, source);
    if (where === undefined) return [];
    const put = set.matching.put(forecast.grid, window, where.places);
    const { values, places } = where;
    const climatologies = distinct.map((field) => planClimatology(run, set, field, places));
    const references = others.map((one) => planReference(run, set, one, values, places));
    return [{ source, ...where, put, climatologies, references, asked: { last: new Map() } }];
  });
  const variables = variablesOf(metrics);
  const members = metrics.some(({ needs }) => needs.members === true);
  const whole = metrics.find(({ needs }) => needs.whole === true)?.name;
  const on = {
    forecast: variablesOn("forecast", { variables, only: set.only }),
    target: variablesOn("target", { variables, only: set.only }),
  };
  return { set, forecast, window, variables, on, targets, members, whole };
};

/** Variables any metric asks for. */
export const variablesOf = (metrics: readonly Metric[]): readonly string[] => [
  ...new Set(metrics.flatMap(({ needs }) => needs.variables)),
];

/** What a field of a climatology is called in a unit: one name, one field. */
export const fieldName = ({ text, variable }: ClimatologyField): string => `${text} ${variable}`;

/**
 * Every field once. Rows tell climatologies apart by name: two of one name that are not the same are refused.
 * @throws `Options`
 */
const distinctFields = (fields: readonly ClimatologyField[]): ClimatologyField[] => {
  const named = new Map<string, ClimatologyField>();
  for (const field of fields) {
    const name = fieldName(field);
    const other = named.get(name);
    if (other === undefined) named.set(name, field);
    else if (!isSame(field, other)) {
      throw new EwbError(
        "Options",
        `two climatologies are called ${field.source.name} (${other.source.address}, ${field.source.address}) and ` +
          "are not the same; their rows could not be told apart. Give one of them another name.",
        { source: field.source.address, variable: field.variable },
      );
    }
  }
  return [...named.values()];
};

const isSame = ({ source: a, variable }: ClimatologyField, { source: b }: ClimatologyField): boolean =>
  a === b ||
  (a.address === b.address &&
    alike(a.arrays, b.arrays) &&
    a.preprocess === b.preprocess &&
    alike(a.derivations, b.derivations) &&
    a.absent === b.absent &&
    a.member === b.member &&
    JSON.stringify(a.mapping?.[variable]) === JSON.stringify(b.mapping?.[variable]));

/** Whether two lists or records hold the same objects under the same keys. */
const alike = (a: object = [], b: object = []): boolean => {
  const theirs = new Map<string, unknown>(Object.entries(b));
  const ours = Object.entries(a);
  return ours.length === theirs.size && ours.every(([key, value]) => theirs.get(key) === value);
};

/** Where a target's values lie; undefined: it failed or has nothing here. */
const locate = (
  run: Run,
  set: PairSet,
  source: Source,
): Pick<TargetPlan, "values" | "places" | "size"> | undefined => {
  const opened: OpenSource | undefined = run.opened(source);
  if (opened === undefined) return undefined;
  if (opened.kind === "grid") {
    const window = set.matching.window(opened.grid, set.event.region);
    if (window === undefined) return undefined;
    return {
      values: { kind: "grid", opened, window },
      places: gridPlaces(opened.grid, window),
      size: windowSize(window),
    };
  }
  const selection = run.selected(set, opened) ?? nothingReported;
  const places = pointPlaces(selection.latitude, selection.longitude, selection.stations);
  return { values: { kind: "points", selection }, places, size: selection.stations.length };
};

const nothingReported: PointSelection = {
  stations: [],
  latitude: new Float64Array(0),
  longitude: new Float64Array(0),
  times: [],
  at: () => undefined,
  bytes: 0,
  versions: new Map(),
  warnings: [],
};

const planClimatology = (
  run: Run,
  set: PairSet,
  field: ClimatologyField,
  places: Places,
): ClimatologyPlan => {
  const opened = run.opened(field.source);
  const refuse = (what: string) =>
    new EwbError("MetadataInvalid", `${field.source.address}: used as a climatology, but ${what}.`, {
      source: field.source.address,
    });
  if (opened?.kind !== "grid" || opened.times.kind !== "climatology") {
    throw refuse("it has no axes of day of year and hour");
  }
  const window = set.matching.forecastWindow(opened.grid, set.event.region);
  if (window === undefined) throw refuse("its grid has no cell near the region");
  return { field, opened, window, put: set.matching.put(opened.grid, window, places) };
};

/** What all units need of climatologies in web stores: a chunk that holds many days is to be asked for once. */
export const farClimatologies = ({ set, forecast, targets }: SetPlan): ChunkCost[] => {
  const found: ChunkCost[] = [];
  const all = targets.flatMap(({ climatologies }) => climatologies);
  if (forecast.times.kind !== "forecast" || all.length === 0) return found;
  const validTimes = new Set<number>();
  for (const { validTime } of forecast.times.refs(set.event.start, set.event.end)) validTimes.add(validTime);
  for (const { opened, field, window } of all) {
    for (const time of validTimes) {
      const slot = opened.times.kind === "climatology" ? opened.times.slot(time) : undefined;
      if (slot === undefined) continue;
      const { chunks } = opened.cost(slot, [field.variable], window);
      if (chunks.some(({ near }) => near)) break;
      found.push(...chunks);
    }
  }
  return found;
};

/** One slot of a source that a unit reads. */
export interface UnitRead {
  readonly opened: OpenGrid;
  readonly slot: Slot;
  readonly variables: readonly string[];
  readonly window: Window;
  readonly members?: boolean;
  /** Neither the forecast nor the target: climatologies and references. */
  readonly beside?: boolean;
}

/** What one unit reads of grids: forecast, targets, climatologies, references. Points are there already. */
export const unitReads = (plan: SetPlan, name: PairRef): readonly UnitRead[] => {
  const { ref, validTime, targets } = name;
  const { forecast, window, on, members } = plan;
  const reads: UnitRead[] = [];
  const having = plan.targets.filter(({ source }) => targets.includes(source.name));
  if (having.length > 0) {
    reads.push({ opened: forecast, slot: ref.slot, variables: on.forecast, window, members });
  }
  for (const { values, climatologies, references } of having) {
    if (values.kind === "grid" && values.opened.times.kind === "target") {
      const slot = values.opened.times.slot(validTime);
      if (slot !== undefined)
        reads.push({ opened: values.opened, slot, variables: on.target, window: values.window });
    }
    for (const { opened, field, window } of climatologies) {
      const slot = opened.times.kind === "climatology" ? opened.times.slot(validTime) : undefined;
      if (slot !== undefined) reads.push({ opened, slot, variables: [field.variable], window, beside: true });
    }
    for (const reference of references) {
      if (reference.kind === "points") continue;
      const { opened, window, ofTarget } = reference;
      const slot = reference.slot(name);
      const variables = ofTarget ? on.target : on.forecast;
      if (slot !== undefined)
        reads.push({ opened, slot, variables, window, members: members && !ofTarget, beside: true });
    }
  }
  return reads;
};

/** Fields of a reference that are put on the places. */
const copiesOf = ({ on, members }: SetPlan, reference: ReferencePlan): number => {
  if (reference.kind === "points" || reference.put === unchanged) return 0;
  const { opened } = reference;
  return on.forecast.reduce((sum, name) => sum + (members ? opened.members(name) + 1 : 1), 0);
};

/** What one unit costs: stored chunks of both sides and of climatologies, and the copies put on the places. */
export const unitCost = (plan: SetPlan, ref: PairRef): Cost => {
  const chunks = new Map<string, ChunkCost>();
  const fields = plan.on.forecast.reduce(
    (sum, name) => sum + (plan.members ? plan.forecast.members(name) + 1 : 1),
    0,
  );
  let bytes = 0;
  for (const { source, climatologies, references, size, put } of plan.targets) {
    if (!ref.targets.includes(source.name) && !plan.set.unmatched) continue;
    // The forecast (and its members) put on the places, the climatologies, and one array for a metric to work with.
    const moved = put === unchanged ? 0 : fields;
    const others = references.reduce((sum, one) => sum + copiesOf(plan, one), 0);
    const copies = moved + climatologies.length + others + 1;
    bytes += copies * pooledSize(size * bytesPerValue);
  }
  for (const { opened, slot, variables, window, members } of unitReads(plan, ref)) {
    const cost = opened.cost(slot, variables, window, members);
    bytes += cost.bytes;
    for (const chunk of cost.chunks) chunks.set(chunk.id, chunk);
  }
  return { bytes, chunks: [...chunks.values()] };
};
