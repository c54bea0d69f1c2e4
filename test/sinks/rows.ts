/** Rows to write, and a generator of sets of rows with different keys. */
import fc from "fast-check";
import type { Row } from "../../src/model/row.ts";

export const row = (part: Partial<Row> = {}): Row => ({
  case_id: 1,
  case_title: "A case",
  event_type: "heat_wave",
  forecast: "model",
  target: "analysis",
  metric: "root mean squared error",
  variable: "surface_air_temperature",
  unit: "K",
  level: null,
  by: null,
  parameters: null,
  init_time: null,
  valid_time: null,
  lead_hours: 6,
  value: 1.25,
  lower: null,
  upper: null,
  confidence: null,
  share_better: null,
  reference: null,
  n: 100,
  status: "complete",
  metric_id: "0123456789abcdef",
  forecast_version: "f",
  target_version: "t",
  ewb_version: "0.1.0",
  ...part,
});

const time = fc.integer({ min: -2_000_000_000_000, max: 4_000_000_000_000 });
const value = fc.double({ noNaN: false });
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const arbitraryRow: fc.Arbitrary<Row> = fc
  .record({
    case_id: fc.integer({ min: -2, max: 400 }),
    case_title: fc.constantFrom("A case", "Ein Fall, groß", 'with "quotes"', "=SUM(A1)", "", "two\nlines"),
    forecast: fc.constantFrom("a", "b", "ä", "B"),
    level: some(fc.constantFrom(500, 850, 2)),
    by: some(fc.string({ unit: "binary", maxLength: 4 })),
    init_time: some(time),
    valid_time: some(time),
    lead_hours: some(fc.integer({ min: 0, max: 240 })),
    value,
    lower: some(value),
    n: fc.maxSafeNat(),
    extra: fc.option(
      fc.dictionary(fc.constantFrom("n_times", "landfall_latitude", "a"), fc.double({ noNaN: true }), {
        noNullPrototype: true,
      }),
      { nil: undefined },
    ),
  })
  .map(({ extra, ...part }) =>
    row(extra === undefined || Object.keys(extra).length === 0 ? part : { ...part, extra }),
  );

const keyOf = ({ case_id, forecast, level, by, init_time, lead_hours, valid_time }: Row) =>
  JSON.stringify([case_id, forecast, level, by, init_time, lead_hours, valid_time]);

export const rowSets: fc.Arbitrary<Row[]> = fc.uniqueArray(arbitraryRow, { selector: keyOf, maxLength: 40 });

/** The same rows in another order. */
export const shuffled = (rows: readonly Row[], seed: number): Row[] => {
  const mixed = [...rows];
  let state = seed;
  for (let i = mixed.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
};
