/**
 * Rows of a long result: 40 cases, 4 forecasts, 12 metrics, inits, 41 leads, the other columns as a score writes them;
 * in an order without order, which is the hardest for what sorts them. The same number gives the same rows.
 */
import type { Row } from "../src/model/row.ts";

const [cases, forecasts, metrics, leads] = [40, 4, 12, 41];
const start = Date.UTC(2020, 0, 1);
const hour = 3_600_000;
/** A prime: its multiples meet every row once. */
const step = 1_000_000_007;

const names = Array.from({ length: metrics }, (_, i) => ({
  metric: `metric ${i}`,
  id: `${i}`.padStart(16, "0"),
}));

export const manyRow = (i: number, count: number): Row => {
  let at = (i * (step % count)) % count;
  const take = (of: number) => {
    const digit = at % of;
    at = (at - digit) / of;
    return digit;
  };
  const [lead, metric, forecast, event] = [take(leads), take(metrics), take(forecasts), take(cases)];
  const { metric: name, id } = names[metric]!;
  const init = start + at * 12 * hour;
  const value = ((i * 2_654_435_761) % 4_294_967_296) / 1e9;
  return {
    case_id: event,
    case_title: "A case of many",
    event_type: "heat_wave",
    forecast: forecast === 0 ? "one" : forecast === 1 ? "two" : forecast === 2 ? "three" : "four",
    target: "analysis",
    metric: name,
    variable: "surface_air_temperature",
    unit: "K",
    level: null,
    by: null,
    parameters: null,
    init_time: init,
    valid_time: init + lead * 6 * hour,
    lead_hours: lead * 6,
    value,
    lower: null,
    upper: null,
    confidence: null,
    share_better: null,
    reference: null,
    n: 100 + (i % 900),
    status: "complete",
    metric_id: id,
    forecast_version: "1",
    target_version: "1",
    ewb_version: "0",
  };
};
