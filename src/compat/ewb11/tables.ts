import { EwbError } from "../../model/errors.ts";
import type { Metric, MetricRow } from "../../model/metric.ts";
import type { Variables } from "../../model/units.ts";
import type { NoVariables } from "../../operators/metrics/noVariables.ts";
import { latticeOf, withoutTimes } from "./lattice.ts";
import { checkPeerOptions, type PeerOptions, peerParameters, preservedDims } from "./options.ts";
import { mergeTables, observeTable, type TableCounts, type TableSeries, tableOf } from "./tableCounts.ts";

export interface PeerTableOptions
  extends Omit<PeerOptions, "weights" | "intervalWhereOne" | "intervalWherePositive"> {
  /** At least this, in the variable's unit, is a forecast event; 0.5 unless said. */
  readonly forecastThreshold?: number;
  /** The same of the target; 0.5 unless said. */
  readonly targetThreshold?: number;
}

/**
 * A score of the 2 x 2 table as ExtremeWeatherBench 1.1.0 computes it, on its lead_time x valid_time grid: a missing
 * value of either side is no event, and so is a cell without a run behind it, so that events of the target there are
 * misses. Places count alike. Throws `Options`.
 */
export type PeerTableMetric = <
  V extends Variables = NoVariables,
  N extends keyof V & string = keyof V & string,
>(
  variable: N,
  options?: PeerTableOptions,
) => Metric<V>;

interface Score {
  readonly name: string;
  readonly term: string;
  readonly definition: string;
  value(table: TableCounts): number;
  /** Without a common time the peer ends with an error; else its row has no number. */
  readonly needsTimes?: true;
}

const tableMetric =
  ({ name, term, definition, value, needsTimes }: Score): PeerTableMetric =>
  <V extends Variables>(variable: keyof V & string, options: PeerTableOptions = {}) => {
    checkPeerOptions(name, variable, options, ["forecastThreshold", "targetThreshold"]);
    const dims = preservedDims(name, options, ["lead_time"]);
    const [forecast, target] = thresholds(name, options);
    const metric: Metric<V, TableSeries> = {
      name,
      term,
      definition: `as ExtremeWeatherBench 1.1.0: ${definition}, missing values and empty cells of its lead_time x valid_time grid as no event`,
      variable,
      unit: () => "1",
      parameters: {
        ...peerParameters(options),
        forecast_threshold: `${forecast}`,
        target_threshold: `${target}`,
      },
      needs: { variables: [variable] },
      zero: () => [],
      observe: (pair) => observeTable(pair, variable, forecast, target),
      merge: mergeTables,
      finish: (state) => {
        if (state.length === 0) return [];
        const lattice = latticeOf(state, options.leadOrder);
        if (lattice.times.length === 0 && needsTimes === true) throw withoutTimes(name, variable);
        const rows: MetricRow[] = [];
        for (const lead of dims.includes("lead_time") ? lattice.leads : [null]) {
          for (const time of dims.includes("valid_time") ? lattice.times : [null]) {
            const leads = lead === null ? lattice.leads : [lead];
            const times = time === null ? lattice.times : [time];
            let n = 0;
            for (const l of leads) for (const t of times) n += lattice.cell(l, t)?.valid ?? 0;
            const table = tableOf(lattice, leads, times);
            rows.push({ initTime: null, leadHours: lead, validTime: time, value: value(table), n });
          }
        }
        return rows;
      },
    };
    return metric;
  };

const thresholds = (name: string, options: PeerTableOptions): readonly [number, number] => {
  const both = [options.forecastThreshold ?? 0.5, options.targetThreshold ?? 0.5] as const;
  if (both.every((threshold) => typeof threshold === "number" && !Number.isNaN(threshold))) return both;
  throw new EwbError(
    "Options",
    `${name}: the thresholds are ${both.join(" and ")}; expected numbers in the variable's unit, like { forecastThreshold: 0.5 }.`,
  );
};

const total = ({ hits, falseAlarms, misses, correctNegatives }: TableCounts): number =>
  hits + falseAlarms + misses + correctNegatives;

/** Hits / (hits + false alarms + misses). `criticalSuccessIndex("x", { forecastThreshold: 15000, targetThreshold: 0.3 })` */
export const criticalSuccessIndex = tableMetric({
  name: "criticalSuccessIndex",
  term: "critical success index",
  definition: "hits / (hits + false alarms + misses)",
  value: ({ hits, falseAlarms, misses }) => hits / (hits + falseAlarms + misses),
});

/** False alarms / (hits + false alarms). */
export const falseAlarmRatio = tableMetric({
  name: "falseAlarmRatio",
  term: "false alarm ratio",
  definition: "false alarms / (hits + false alarms)",
  value: ({ hits, falseAlarms }) => falseAlarms / (hits + falseAlarms),
});

/** Hits as a share of all pairs. */
export const truePositives = tableMetric({
  name: "truePositives",
  term: "true positives",
  definition: "hits / all pairs",
  value: (table) => table.hits / total(table),
});

/** False alarms as a share of all pairs. */
export const falsePositives = tableMetric({
  name: "falsePositives",
  term: "false positives",
  definition: "false alarms / all pairs",
  value: (table) => table.falseAlarms / total(table),
});

/** Correct negatives as a share of all pairs. */
export const trueNegatives = tableMetric({
  name: "trueNegatives",
  term: "true negatives",
  definition: "correct negatives / all pairs",
  value: (table) => table.correctNegatives / total(table),
});

/** Misses as a share of all pairs. */
export const falseNegatives = tableMetric({
  name: "falseNegatives",
  term: "false negatives",
  definition: "misses / all pairs",
  value: (table) => table.misses / total(table),
});

/** (Hits + correct negatives) / all pairs. */
export const accuracy = tableMetric({
  name: "accuracy",
  term: "accuracy",
  definition: "(hits + correct negatives) / all pairs",
  value: (table) => (table.hits + table.correctNegatives) / total(table),
});

/** Skill of the area below the curve of one threshold on both sides: hit rate - probability of false detection. */
export const receiverOperatingCharacteristicSkillScore = tableMetric({
  name: "receiverOperatingCharacteristicSkillScore",
  term: "ROC skill score",
  definition: "2 area - 1 below the ROC curve of forecasts that are 0 or 1",
  value: ({ hits, falseAlarms, misses, correctNegatives }) =>
    hits / (hits + misses) - falseAlarms / (falseAlarms + correctNegatives),
  needsTimes: true,
});

/** The peer has this one and cannot put it into its table: its run ends with an error. Throws `Options`. */
export const receiverOperatingCharacteristic: PeerTableMetric = () => {
  throw new EwbError(
    "Options",
    "receiverOperatingCharacteristic: ExtremeWeatherBench 1.1.0 cannot put a curve into its table of results and aborts. Use rocCurve of ewb/metrics.",
  );
};
