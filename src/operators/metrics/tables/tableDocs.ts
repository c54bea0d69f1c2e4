import type { MetricDoc } from "../../../model/metricDoc.ts";
import { tableScoreDocs } from "./allTableScores.ts";
import { gerrityDoc } from "./categories.ts";
import { contingencyTableDoc } from "./contingencyTable.ts";
import { neighbourhoodDoc } from "./neighbourhood.ts";
import { riskMatrixDoc } from "./riskMatrix.ts";
import { seepsDoc } from "./seeps.ts";
import { thresholdMetricsDoc } from "./thresholdMetrics.ts";

/** What is told of the metrics of events and categories. */
export const tableDocs: readonly MetricDoc[] = [
  contingencyTableDoc,
  ...tableScoreDocs,
  gerrityDoc,
  thresholdMetricsDoc,
  neighbourhoodDoc,
  seepsDoc,
  riskMatrixDoc,
];
