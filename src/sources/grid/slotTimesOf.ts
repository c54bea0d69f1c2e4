import { EwbError } from "../../model/errors.ts";
import type { Source } from "../../model/source.ts";
import type { Axis } from "../cf/axes.ts";
import type { AxisKind } from "../cf/axisKind.ts";
import { coordinateNumbers } from "../cf/coordinateNumbers.ts";
import { decodeLeads } from "../cf/decodeLeads.ts";
import { decodeTimes } from "../cf/decodeTimes.ts";
import { readCoordinate } from "../cf/readCoordinate.ts";
import type { StoredArray, StoredGroup } from "../storedArray.ts";
import { climatologyTimes } from "./climatologyTimes.ts";
import { type Along, type ForecastAxes, forecastTimes } from "./forecastTimes.ts";
import { type ScalarTimes, scalarTimes } from "./scalarTimes.ts";
import type { SlotTimes } from "./slotTimes.ts";
import { targetTimes } from "./targetTimes.ts";

const scalar = (value: number | undefined): Along | undefined =>
  value === undefined ? undefined : { values: Float64Array.of(value) };

/**
 * Which layout a forecast has. Two axes of (init, lead, valid) are enough: with a lead axis a plain `time` is the
 * init and one called `valid_time` is the valid time; without one it is the valid time.
 */
const forecastAxes = (found: ReadonlyMap<AxisKind, Along>, once: ScalarTimes): ForecastAxes | undefined => {
  const plain = found.get("time");
  const lead = found.get("lead");
  const valid = found.get("valid") ?? (lead || (plain && found.has("valid")) ? undefined : plain);
  const init = found.get("init") ?? (plain !== valid ? plain : undefined);
  const single = { init: scalar(once.init), lead: scalar(once.lead), valid: scalar(once.valid) };
  if (init && lead) return { init, lead };
  if (init && valid) return { init, valid };
  if (lead && valid) return { lead, valid };
  if (lead && single.init) return { init: single.init, lead };
  if (valid && single.init) return { init: single.init, valid };
  if (init && single.lead) return { init, lead: single.lead };
  if (!init && !lead && !valid && single.init && (single.lead ?? single.valid)) {
    return single.lead
      ? { init: single.init, lead: single.lead }
      : { init: single.init, valid: single.valid! };
  }
  return undefined;
};

/** Valid times of a target: its time axis, or that of the inits (analyses) plus one lead. */
const targetAxis = (found: ReadonlyMap<AxisKind, Along>, once: ScalarTimes): Along | undefined => {
  const axis = found.get("valid") ?? found.get("time") ?? found.get("init");
  const lead = found.get("lead");
  if (!axis) return lead ? undefined : scalar(once.valid ?? once.init);
  if (found.has("init") && found.size > (lead ? 2 : 1)) return undefined;
  if (lead && lead.values.length !== 1) return undefined;
  const ahead = found.get("valid") ? 0 : (lead?.values[0] ?? (found.has("init") ? (once.lead ?? 0) : 0));
  return { ...axis, values: axis.values.map((time) => time + ahead) };
};

/** Of a field that never changes, such as land and sea, altitude, or a threshold a cell. */
const unchanging: SlotTimes = {
  times: { kind: "climatology", slot: () => ({}) },
  dims: new Map(),
  when: () => ({ validTime: Number.NaN }),
  warnings: [],
};

/** Reads the time axes of an array and says what they are. Throws, naming the dimensions, where they make no layout. */
export const slotTimesOf = async (
  group: StoredGroup,
  source: Source,
  array: StoredArray,
  axes: readonly Axis[],
): Promise<SlotTimes> => {
  const { address } = group;
  const absentIsFill = source.absent === "fill";
  const climatology = source.role === "climatology";
  const wanted: readonly AxisKind[] = climatology ? ["dayOfYear", "hour"] : ["init", "lead", "valid", "time"];
  const found = new Map<AxisKind, Along>();
  const warnings: string[] = [];
  const warned = (made: SlotTimes, more: readonly string[]): SlotTimes => ({
    ...made,
    warnings: [...warnings, ...more, ...made.warnings],
  });
  const fail = (text: string): never => {
    throw new EwbError("MetadataInvalid", `${address}: ${array.name} ${text}`, {
      source: address,
      variable: array.name,
    });
  };
  for (const { dim, kind, coordinate, length } of axes) {
    if (!wanted.includes(kind)) continue;
    if (found.has(kind)) fail(`has two axes of one kind: ${found.get(kind)!.dim} and ${dim}`);
    if (!coordinate) {
      throw new EwbError(
        "NotFound",
        `${address}: no coordinate ${dim}; its ${length} values say which times ${array.name} is for`,
        { source: address, variable: dim },
      );
    }
    const values = await readCoordinate(address, coordinate, { absentIsFill, singleMayLack: !climatology });
    if (values.warning !== undefined) warnings.push(values.warning);
    const decode = climatology ? coordinateNumbers : kind === "lead" ? decodeLeads : decodeTimes;
    found.set(kind, { dim, values: decode(values) });
  }
  const dims = array.dims.join(", ") || "none";
  if (climatology) {
    const days = found.get("dayOfYear");
    const hours = found.get("hour");
    const isTimeless = !axes.some(({ kind }) => ["time", "valid", "init", "lead"].includes(kind));
    if (!days && !hours && isTimeless) return unchanging;
    if (!days) return fail(`has the dimensions ${dims}; a climatology needs a day of the year (dayofyear)`);
    return climatologyTimes(address, days, hours);
  }
  const once = await scalarTimes(group, array, found.has("lead"), absentIsFill);
  if (source.role === "forecast") {
    const layout = forecastAxes(found, once);
    return layout
      ? warned(forecastTimes(address, layout), once.warnings)
      : fail(
          `has the dimensions ${dims}; a forecast needs two of init time, lead time and valid time, as dimensions ` +
            "or, for a store of one run, as a scalar coordinate or attribute (init_time)",
        );
  }
  const axis = targetAxis(found, once);
  if (!axis) return fail(`has the dimensions ${dims}; a target needs one time axis (time or valid_time)`);
  if (found.size > 1) {
    const spare = [...found].filter(([, along]) => along.dim !== axis.dim);
    if (spare.some(([, { values }]) => values.length !== 1)) {
      fail(`has the dimensions ${dims}; a target needs one time axis (is this a forecast?)`);
    }
  }
  return warned(targetTimes(address, axis), once.warnings);
};
