/** Every value along one axis, forecasts side by side: what `ewb show --by` shows. */
import { EwbError } from "../model/errors.ts";
import type { Row } from "../model/row.ts";
import { countRange, timeText, valueText } from "./numberText.ts";
import { groups, type Kept, keptBy, type Measure, statusMark } from "./tableLines.ts";
import { right, type Section } from "./tableSections.ts";

interface Axis {
  readonly kept: Kept;
  readonly title: string;
  text(row: Row): string;
}

const later = ({ lead_hours }: Row): string => (lead_hours === null ? "" : ` +${lead_hours} h`);

const axes: Readonly<Record<string, Axis>> = {
  lead_hours: { kept: "lead", title: "lead", text: ({ lead_hours }) => `${lead_hours} h` },
  init_time: { kept: "run", title: "run", text: (row) => timeText(row.init_time!) + later(row) },
  valid_time: { kept: "time", title: "valid", text: (row) => timeText(row.valid_time!) + later(row) },
};

/**
 * The rows that keep an axis.
 *
 * @throws `Options` where there is no such axis, or no row keeps it
 */
export const rowsAlong = (rows: readonly Row[], by: string): readonly Row[] => {
  const axis = Object.hasOwn(axes, by) ? axes[by]! : undefined;
  if (axis === undefined) {
    throw new EwbError(
      "Options",
      `a table cannot be shown by "${by}"; expected ${Object.keys(axes).join(", ")}`,
    );
  }
  const along = rows.filter((row) => keptBy(row) === axis.kept);
  if (along.length > 0) return along;
  const others = Object.keys(axes).filter((name) => rows.some((row) => keptBy(row) === axes[name]!.kept));
  throw new EwbError(
    "Options",
    `none of the ${rows.length} rows keeps ${by}; try ${others.length > 0 ? `--by ${others.join(" or ")}` : "without --by"}`,
  );
};

/** A section for each target of a measure: one line a place on the axis, one column a forecast. */
export const sideBySide = ({ heading, unit, lines }: Measure, by: string): Section[] => {
  const { title, text } = axes[by]!;
  const rows = lines.flatMap((line) => line.rows);
  return groups(rows, ({ target }) => [target]).map((ofTarget) => {
    const forecasts = [...new Set(ofTarget.map(({ forecast }) => forecast))].sort();
    const places = new Map<string, Map<string, Row>>();
    for (const row of ofTarget.toSorted(byTime)) {
      const place = places.get(text(row)) ?? new Map<string, Row>();
      places.set(text(row), place.set(row.forecast, row));
    }
    return {
      title: `${heading}, against ${ofTarget[0]!.target}`,
      grid: {
        columns: [right(title), ...forecasts.map(right), right("n")],
        lines: [...places].map(([place, found]) => [
          place,
          ...forecasts.map((forecast) => {
            const row = found.get(forecast);
            return row === undefined ? "·" : valueText(row.value, unit) + statusMark(row);
          }),
          countRange([...found.values()].map(({ n }) => n)),
        ]),
      },
    };
  });
};

const byTime = (a: Row, b: Row): number =>
  (a.init_time ?? 0) - (b.init_time ?? 0) ||
  (a.valid_time ?? 0) - (b.valid_time ?? 0) ||
  (a.lead_hours ?? 0) - (b.lead_hours ?? 0);
