/**
 * A grid source: what lies between the arrays of a format and fields of variables on a window at one time.
 *
 * Opening reads metadata and coordinates only. The first variable of the source that can be found (its anchor) gives
 * grid and times; every other one must lie on the same. Reading goes: chunks through the run's cache, copy of the
 * window from west to east, missing values, packing, unit, mean over members, `preprocess`, derivations. Where members
 * are asked for, the last two are done for each of them as well.
 */
import { pooledSize } from "../../kernels/pooledSize.ts";
import type { ChunkCost, Cost, Slot } from "../../model/chunk.ts";
import { EwbError } from "../../model/errors.ts";
import type { Field } from "../../model/field.ts";
import { type Grid, type Window, windowSize } from "../../model/grid.ts";
import type { OpenGrid, Reading } from "../../model/openSource.ts";
import type { Source } from "../../model/source.ts";
import type { Touch } from "../../model/watch.ts";
import { allOver } from "../cf/allOver.ts";
import { axesOf } from "../cf/axes.ts";
import { type DerivationPlan, derivationPlan } from "../cf/derivationPlan.ts";
import { deriveFields, preprocessFields } from "../cf/deriveFields.ts";
import { findVariable } from "../cf/findVariable.ts";
import { horizontalAxes, readGrid } from "../cf/horizontalGrid.ts";
import { mappingOf } from "../cf/mappingOf.ts";
import type { SourceContext, StoredGroup } from "../storedArray.ts";
import { type Anchor, type Layout, layoutOf } from "./layout.ts";
import { listGroup } from "./listGroup.ts";
import { chunksTouched, identityOf, lookAtTouched } from "./lookAtTouched.ts";
import { membersApart, withMembers } from "./memberFields.ts";
import { presence } from "./presence.ts";
import { readLayout, resultBytes } from "./readLayout.ts";
import { slotTimesOf } from "./slotTimesOf.ts";
import { type TouchedBy, touchedBy } from "./touched.ts";

const anchorOf = async (
  group: StoredGroup,
  source: Source,
  variable: string,
): Promise<{ anchor: Anchor; grid: Grid }> => {
  const { array } = await findVariable(group, source, variable);
  const axes = await axesOf(group, array);
  const { latitude, longitude } = await horizontalAxes(group, array, axes);
  const [grid, times] = await Promise.all([
    readGrid(group.address, latitude, longitude, source.absent === "fill"),
    slotTimesOf(group, source, array, axes),
  ]);
  const shape = [latitude.length, longitude.length] as const;
  return { anchor: { latitude: latitude.dim, longitude: longitude.dim, shape, times }, grid };
};

/** What variables are made of: whether what is stored may be that of the cache, and what follows. */
interface Wanted {
  readonly touch: TouchedBy;
  readonly shared: readonly boolean[];
  readonly steps: DerivationPlan["steps"];
}

/**
 * Opens a group of arrays as a grid source. Throws an `EwbError` that names store and variable where grid or time axes
 * cannot be read, or none of the source's variables is there; a single variable that lacks is reported by `check`.
 *
 * @example
 * const opened = await openGrid(await openZarr(store, context), source, context);
 * await opened.check(["surface_air_temperature"]);
 */
export const openGrid = async (
  unlisted: StoredGroup,
  source: Source,
  context: SourceContext,
): Promise<OpenGrid> => {
  const group = await listGroup(unlisted, source);
  const { address } = group;
  const derivations = source.derivations ?? [];
  const names = new Set(group.names);
  const isStored = (variable: string) =>
    mappingOf(source, variable).name !== undefined || names.has(variable);
  const plan = (variables: readonly string[]) => derivationPlan(variables, derivations, isStored);

  const wanted = plan(Object.keys(source.variables)).stored;
  if (wanted.length === 0) {
    throw new EwbError("DataSet", `${address}: the source ${source.name} names no variables`, {
      source: address,
    });
  }
  let opened: { anchor: Anchor; grid: Grid } | undefined;
  let failure: unknown;
  for (const variable of wanted) {
    try {
      opened = await anchorOf(group, source, variable);
      break;
    } catch (error) {
      failure ??= error;
    }
  }
  if (!opened) throw failure;
  const { anchor, grid } = opened;

  const warnings = [...anchor.times.warnings];
  const layouts = new Map<string, Layout>();
  const resolving = new Map<string, Promise<Layout>>();
  const resolve = (variable: string): Promise<Layout> => {
    const before = resolving.get(variable);
    if (before) return before;
    const found = layoutOf(group, source, variable, anchor).then((layout) => {
      layouts.set(variable, layout);
      warnings.push(...layout.warnings);
      return layout;
    });
    resolving.set(variable, found);
    return found;
  };
  // what cannot be resolved is reported by `check` for the variables that are asked for
  await Promise.allSettled(wanted.map(resolve));

  const layoutFor = (variable: string): Layout => {
    const layout = layouts.get(variable);
    if (layout) return layout;
    throw new EwbError("Pipeline", `${address}: ${variable} was read before it was checked`, {
      source: address,
      variable,
    });
  };

  const identities = new Map<string, string>();
  const wants = new Map<string, Wanted>();
  /** What some variables are made of. */
  const wantedOf = (variables: readonly string[]): Wanted => {
    const key = variables.join("\n");
    const known = wants.get(key);
    if (known !== undefined) return known;
    const { stored, steps } = plan(variables);
    // What a user's own code gets is a copy of its own: it may write into it.
    const copied = new Set(source.preprocess ? stored : steps.flatMap(({ needs }) => Object.keys(needs)));
    const shared = stored.map((variable) => !copied.has(variable));
    const made = { shared, steps, touch: touchedBy(address, stored.map(layoutFor)) };
    wants.set(key, made);
    return made;
  };

  const countOf = (variable: string): number => layoutFor(variable).members?.indices.length ?? 1;
  /** Members of what is made of some stored variables: those of the variable that has most. */
  const membersOf = (variable: string): number => Math.max(...plan([variable]).stored.map(countOf));

  const cost = (slot: Slot, variables: readonly string[], window: Window, members = false): Cost => {
    const { touch, shared, steps } = wantedOf(variables);
    const sides = touch(slot, window);
    const chunks = new Map<string, ChunkCost>();
    let bytes = 0;
    for (const [i, side] of sides.entries()) {
      bytes += resultBytes(side, window, shared[i]!, members);
      for (const { id, cost } of side.chunks) if (!chunks.has(id)) chunks.set(id, cost);
    }
    const times = members ? 1 + Math.max(...sides.map(({ layout }) => countOf(layout.variable))) : 1;
    for (const { gives } of steps) {
      bytes += times * Object.keys(gives).length * pooledSize(windowSize(window) * 8);
    }
    return { bytes, chunks: [...chunks.values()] };
  };

  const sidesOf = ({ slot, variables, window }: Touch) => wantedOf(variables).touch(slot, window);
  const present = presence(
    (touches) => lookAtTouched(touches, sidesOf),
    (touch) => chunksTouched(sidesOf(touch)),
  );

  return {
    kind: "grid",
    source,
    grid,
    times: anchor.times.times,
    get warnings() {
      return [...unlisted.warnings, ...warnings];
    },
    level: (variable) => layouts.get(variable)?.level ?? null,
    async check(variables) {
      for (const variable of plan(variables).stored) await resolve(variable);
    },
    members: membersOf,
    cost,
    presence: (slot, variables, window, options) => present({ slot, variables, window }, options?.signal),
    identity(variables) {
      const key = variables.join();
      const identity =
        identities.get(key) ?? identityOf(grid, plan(variables).stored.map(layoutFor), source.absent);
      identities.set(key, identity);
      return identity;
    },
    async read(slot, variables, window, { signal, memory, members = false, tellFilled }): Promise<Reading> {
      const { cache, buffers } = context;
      const absentIsFill = source.absent === "fill";
      const filled = tellFilled && !absentIsFill ? new Set<string>() : undefined;
      const settings = { address, cache, buffers, signal, memory, members, filled, absentIsFill };
      const { touch, shared, steps } = wantedOf(variables);
      const sides = touch(slot, window);
      const readings = await allOver(
        sides.map((side, i) =>
          readLayout(side, window, { ...settings, shared: shared[i]! && memory !== undefined }),
        ),
      );
      const fields: Record<string, Field> = {};
      for (const [i, { field }] of readings.entries()) fields[sides[i]!.layout.variable] = field;
      const versions =
        readings.length === 1
          ? readings[0]!.versions
          : new Map(readings.flatMap(({ versions }) => [...versions]));
      const size = windowSize(window);
      const placed = () => ({ ...anchor.times.when(slot), ...placesOf(grid, window) });
      const finished = (stored: Readonly<Record<string, Field>>) => {
        if (steps.length === 0 && source.preprocess === undefined) return stored;
        const derived = deriveFields(steps, preprocessFields(source, stored, placed, size), size);
        return Object.fromEntries(variables.map((name) => [name, derived[name]!]));
      };
      const each = members ? membersApart(fields) : [];
      const whole = finished(fields);
      return {
        fields: members ? withMembers(whole, each.map(finished)) : whole,
        versions,
        ...(filled ? { filled } : {}),
      };
    },
  };
};

const placesOf = (grid: Grid, { rows, columns }: Window) => {
  const runs = columns.map(({ start, stop }) => grid.longitude.subarray(start, stop));
  const longitude = new Float64Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    longitude.set(run, at);
    at += run.length;
  }
  return { latitude: grid.latitude.slice(rows.start, rows.stop), longitude };
};
