import { type Groups, mergeGroups } from "../../../kernels/ensembles/groupTotal.ts";
import { exactValue } from "../../../kernels/exactSum.ts";
import type { Metric, MetricRow } from "../../../model/metric.ts";
import type { Pair } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { type Grouping, grouped } from "../groups/grouped.ts";
import { type Key, keyOf } from "../keep.ts";
import { type Keyed, keyedRows, mergeKeyed, oneEntry } from "../keyed.ts";

/**
 * The metric of diagrams and of several events: for each key that is kept one table an event, of sums by group (a bin,
 * a probability, a rank), from which `rows` makes the values at the end.
 */
export interface GroupsMetric<V extends Variables>
  extends Omit<Metric<V>, "zero" | "observe" | "merge" | "finish">,
    Grouping {
  /** What one pair adds: always as many tables. */
  groups(pair: Pair): readonly Groups[];
  /** The values of a key; times are added by the caller. Called with empty tables too: value NaN and n 0 then. */
  rows(tables: readonly Table[]): readonly MetricRow[];
}

/** The groups of an event in ascending order, everything rounded once. */
export type Table = readonly GroupValue[];

export interface GroupValue {
  readonly name: number;
  readonly n: number;
  readonly weight: number;
  readonly sums: readonly number[];
}

type GroupsEntry = Key & { readonly tables: readonly Groups[] };

/** The four functions of a metric of groups. */
export const groupsMetric = <V extends Variables>(metric: GroupsMetric<V>): Metric<V> => {
  const { keep, by, where, groups, rows, ...described } = metric;
  const ofKeys: Metric<V, Keyed<GroupsEntry>> = {
    ...described,
    zero: () => new Map(),
    observe: (pair: Pair) =>
      pair.matched ? oneEntry({ ...keyOf(keep, pair), tables: groups(pair) }) : new Map(),
    merge: (a, b) => mergeKeyed(a, b, joinEntries),
    finish: (state) =>
      keyedRows(state, ({ initTime, leadHours, validTime, tables }) =>
        rows(tables.map(tableOf)).map((row) => ({ initTime, leadHours, validTime, ...row })),
      ),
  };
  return grouped(ofKeys, { by, where });
};

const joinEntries = (a: GroupsEntry, b: GroupsEntry): GroupsEntry => ({
  ...a,
  tables: a.tables.map((table, k) => mergeGroups(table, b.tables[k]!)),
});

const tableOf = (groups: Groups): Table =>
  Array.from(groups, ([name, { n, weight, sums }]) => ({
    name,
    n,
    weight: exactValue(weight),
    sums: sums.map(exactValue),
  })).sort((a, b) => a.name - b.name);

/** Everything of a table. Added in the order of its names, which is that of no observer. */
export const totalOf = (table: Table): Omit<GroupValue, "name"> => {
  const sums = (table[0]?.sums ?? []).map(() => 0);
  let [n, weight] = [0, 0];
  for (const group of table) {
    n += group.n;
    weight += group.weight;
    for (let k = 0; k < sums.length; k++) sums[k]! += group.sums[k]!;
  }
  return { n, weight, sums };
};

/** Names given place by place (NaN: missing), as indices into a list of the different ones. */
export const indexed = (
  names: Float64Array,
): { readonly indices: Int32Array; readonly names: readonly number[] } => {
  const known = new Map<number, number>();
  const indices = new Int32Array(names.length);
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    if (Number.isNaN(name)) {
      indices[i] = -1;
      continue;
    }
    let index = known.get(name);
    if (index === undefined) {
      index = known.size;
      known.set(name, index);
    }
    indices[i] = index;
  }
  return { indices, names: [...known.keys()] };
};
