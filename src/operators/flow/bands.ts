/**
 * One target of a set, cut at leaf borders (rows of a grid, blocks of points): the plan of some leaves alone, with the
 * rows they need of each side. Every row that the whole unit reads is read by at least one band, so that versions,
 * absent chunks and damage are the same whatever the cut.
 */
import { cutPlaces } from "../../kernels/places.ts";
import { unchanged } from "../../kernels/spread.ts";
import type { Grid, Span, Window } from "../../model/grid.ts";
import type { PointSelection } from "../../model/openSource.ts";
import type { Matching, Put } from "../../model/pair.ts";
import type { Source } from "../../model/source.ts";
import type { ReferencePlan } from "./referencePlan.ts";
import type { SetPlan, TargetPlan } from "./setPlan.ts";

export interface TargetBands {
  readonly leaves: number;
  /** The plan of these leaves alone. */
  plan(leaves: Span): SetPlan;
}

/** Why a target cannot be cut; undefined: it can. */
export const uncut = ({ set, forecast, whole }: SetPlan, target: TargetPlan): string | undefined => {
  if (whole !== undefined) return `${whole} looks at all places of a unit at once`;
  if (set.matching.bands === undefined) return "this matching puts forecasts on all places at once";
  const grids: Source[] = [forecast.source, ...target.climatologies.map(({ opened }) => opened.source)];
  for (const one of target.references) if (one.kind === "grid") grids.push(one.opened.source);
  if (target.values.kind === "grid") grids.push(target.values.opened.source);
  const hooked = grids.find(({ preprocess }) => preprocess !== undefined);
  return hooked && `preprocess of ${hooked.name} may look at all places of a time`;
};

/** The whole target, or, where it can be cut, bands of it. */
export const bandsOf = (plan: SetPlan, target: TargetPlan): TargetBands => {
  const { matching } = plan.set;
  const leaves = target.places.leaves.length - 1;
  if (leaves <= 1 || uncut(plan, target) !== undefined) {
    return { leaves: 1, plan: () => ({ ...plan, targets: [target] }) };
  }
  const forecast = side(matching, plan.forecast.grid, plan.window, target);
  const normals = target.climatologies.map(({ opened, window, put }) =>
    side(matching, opened.grid, window, { places: target.places, put }),
  );
  const others = target.references.map((one) =>
    one.kind === "points" || one.ofTarget
      ? undefined
      : side(matching, one.opened.grid, one.window, { places: target.places, put: one.put }),
  );
  return {
    leaves,
    plan: (band) => {
      const { window, put } = forecast(band);
      const places = cutPlaces(target.places, band);
      const climatologies = target.climatologies.map((whole, i) => ({ ...whole, ...normals[i]!(band) }));
      const values = cutValues(target, band);
      const references = target.references.map((whole, i): ReferencePlan => {
        if (whole.kind === "points") return whole;
        if (whole.ofTarget && values.kind === "grid") return { ...whole, window: values.window };
        return { ...whole, ...others[i]!(band) };
      });
      const size = places.leaves.at(-1)!;
      const cut = { ...target, values, places, size, put, climatologies, references };
      return { ...plan, window, targets: [cut] };
    },
  };
};

/** The window of some leaves and how it is put on their places, made when it is used. */
const side = (
  matching: Matching,
  grid: Grid,
  window: Window,
  { places, put: whole }: Pick<TargetPlan, "places" | "put">,
) => {
  const bands = matching.bands!(grid, window, places);
  const rows = shareRows(window.rows, places.leaves.length - 1, bands.rows);
  return (leaves: Span): { readonly window: Window; readonly put: Put } => {
    const needed = rows.slice(leaves.start, leaves.stop).reduce(hull);
    // Places beyond the grid need no row; a window has one at least.
    const part = isEmpty(needed) ? { start: window.rows.start, stop: window.rows.start + 1 } : needed;
    const narrow = { rows: part, columns: window.columns };
    // Where places are the window, some of them are some rows of it.
    if (whole === unchanged) return { window: narrow, put: unchanged };
    let put: Put | undefined;
    return {
      window: narrow,
      put: (values, memory) => {
        put ??= bands.put(leaves, narrow);
        return put(values, memory);
      },
    };
  };
};

/** Rows of each leaf, those that no leaf needs given to the leaf beside them. */
const shareRows = (rows: Span, leaves: number, needed: (leaf: number) => Span): Span[] => {
  const spans = Array.from({ length: leaves }, (_, leaf) => needed(leaf));
  const isNeeded = new Uint8Array(rows.stop);
  for (const { start, stop } of spans) isNeeded.fill(1, start, stop);
  for (let row = rows.start; row < rows.stop; row++) {
    if (isNeeded[row] === 1) continue;
    const start = row;
    while (row < rows.stop && isNeeded[row] === 0) row++;
    const after = spans.findIndex((span) => !isEmpty(span) && span.stop === start);
    const before = spans.findIndex((span) => !isEmpty(span) && span.start === row);
    const leaf = after >= 0 ? after : Math.max(before, 0);
    spans[leaf] = hull(spans[leaf]!, { start, stop: row });
  }
  return spans;
};

const isEmpty = ({ start, stop }: Span): boolean => start >= stop;

const hull = (a: Span, b: Span): Span => {
  if (isEmpty(a)) return b;
  return isEmpty(b) ? a : { start: Math.min(a.start, b.start), stop: Math.max(a.stop, b.stop) };
};

const cutValues = ({ values, places }: TargetPlan, { start, stop }: Span): TargetPlan["values"] => {
  if (values.kind === "grid") {
    const { rows, columns } = values.window;
    return {
      ...values,
      window: { rows: { start: rows.start + start, stop: rows.start + stop }, columns },
    };
  }
  return {
    kind: "points",
    selection: cutSelection(values.selection, places.leaves[start]!, places.leaves[stop]!),
  };
};

const cutSelection = (whole: PointSelection, from: number, to: number): PointSelection => ({
  ...whole,
  stations: whole.stations.slice(from, to),
  latitude: whole.latitude.subarray(from, to),
  longitude: whole.longitude.subarray(from, to),
  at: (validTime) => {
    const fields = whole.at(validTime);
    return (
      fields &&
      Object.fromEntries(
        Object.entries(fields).map(([name, { unit, values }]) => [
          name,
          { unit, values: values.subarray(from, to) },
        ]),
      )
    );
  },
});
