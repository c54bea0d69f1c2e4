import type { BreakdownKind, Metric, MetricRow } from "../../../model/metric.ts";
import type { Variables } from "../../../model/units.ts";
import type { NoVariables } from "../noVariables.ts";
import { oneOf, onlyOptions } from "../options.ts";
import { type ComparedState, compared } from "./compared.ts";
import { parseReference, type Reference } from "./reference.ts";

export interface SkillOptions {
  /** `same` (unless said): both over the pairs that both have. `own`: each over the pairs it has. */
  readonly pairs?: "same" | "own";
  /** The score of a perfect forecast; 0 unless said. */
  readonly perfect?: number;
}

/**
 * Skill score: 1 - score / reference score over the same pairs, 1 where the forecast is perfect, 0 where it is as good
 * as the reference, negative where it is worse. For a score whose perfect value p is not 0: (score - reference) / (p -
 * reference). Range up to 1; a perfect reference gives -Infinity, or NaN where the forecast is perfect too.
 *
 *     skillScore(meanSquaredError("surface_air_temperature"), climatologyQuantile(normals, 0.5))
 *     skillScore(rootMeanSquaredError("surface_air_temperature"), persistence())
 *
 * Throws `Options` where a variable of the metric has no reference, `Unit` where the reference is in another unit.
 * Murphy 1988, doi:10.1175/1520-0493(1988)116<2417:SSBOTM>2.0.CO;2.
 */
export const skillScore = <V extends Variables = NoVariables, B extends BreakdownKind = BreakdownKind>(
  metric: Metric<V, any, B>,
  reference: Reference,
  options: SkillOptions = {},
): Metric<V, ComparedState, B> => {
  const name = "skillScore";
  onlyOptions(name, options, ["pairs", "perfect"]);
  const pairs = oneOf(name, "pairs", options.pairs ?? "same", ["same", "own"]);
  const perfect = options.perfect ?? 0;
  const against = parseReference(name, metric, reference);
  return {
    name,
    term: "skill score",
    definition: `1 - score / reference score (perfect p: (score - reference) / (p - reference)), over the same pairs; score: ${metric.definition}`,
    variable: metric.variable,
    unit: () => "1",
    parameters: {
      score: metric.name,
      ...metric.parameters,
      reference: against.text,
      ...(pairs === "own" ? { pairs } : {}),
      ...(perfect === 0 ? {} : { perfect: `${perfect}` }),
    },
    ...compared(metric, against, pairs, (own, other) => skillRow(own, other, perfect, against.text)),
  };
};

const skillRow = (
  own: MetricRow,
  other: MetricRow | undefined,
  perfect: number,
  reference: string,
): MetricRow => {
  const { term, unit: _, lower: _l, upper: _u, confidence: _c, extra: _e, ...row } = own;
  const score = other?.value ?? Number.NaN;
  return {
    ...row,
    ...(term === undefined ? {} : { parameters: { ...row.parameters, of: term } }),
    value: perfect === 0 ? 1 - own.value / score : (own.value - score) / (perfect - score),
    reference,
  };
};
