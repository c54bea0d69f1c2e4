import { EwbError } from "../../../model/errors.ts";
import type { MetricDoc } from "../../../model/metricDoc.ts";
import { oneOf } from "../options.ts";
import { tableCountsScores } from "./tableCounts.ts";
import { tableDependenceScores } from "./tableDependence.ts";
import { tableFrequencyScores } from "./tableFrequency.ts";
import { tableOddsScores } from "./tableOdds.ts";
import { tableRatesScores } from "./tableRates.ts";
import type { TableScore } from "./tableScore.ts";
import { tableSkillScores } from "./tableSkill.ts";

/** Every number that is made of a two-by-two table, by its name. */
export const allTableScores = {
  ...tableCountsScores,
  ...tableRatesScores,
  ...tableFrequencyScores,
  ...tableSkillScores,
  ...tableOddsScores,
  ...tableDependenceScores,
} satisfies Record<string, TableScore>;

export type TableScoreName = keyof typeof allTableScores;

/** The scores of these names; throws `Options` for a name that there is not. */
export const namedTableScores = (metric: string, names: readonly TableScoreName[]): TableScore[] => {
  const known = Object.keys(allTableScores) as TableScoreName[];
  if (Array.isArray(names as unknown))
    return names.map((name) => allTableScores[oneOf(metric, "scores", name, known)]);
  throw new EwbError(
    "Options",
    `${metric}: scores is ${JSON.stringify(names)}; expected a list like ["hitRate"].`,
  );
};

export const tableScoreDocs: readonly MetricDoc[] = Object.values(allTableScores).map(({ doc }) => doc);
