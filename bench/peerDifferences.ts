import { readFileSync } from "node:fs";

/** What the peer's rows may differ by: relative, or in the metric's unit. */
const tolerances: Readonly<Record<string, { readonly relative?: number; readonly absolute?: number }>> = {
  RootMeanSquaredError: { relative: 1e-6 },
  MaximumMeanAbsoluteError: { absolute: 1e-4 },
  MaximumLowestMeanAbsoluteError: { absolute: 1e-4 },
  DurationMeanError: { absolute: 0 },
};

/** Compares two tables in the peer's columns by metric, lead, init time and case (ewb's has no column `valid_time`), and says what differs. */
export const peerDifferences = (csv: string, expected: string): string => {
  const [found, wanted] = [valuesOf(csv), valuesOf(expected)];
  let [missing, different] = [0, 0];
  for (const [key, value] of wanted) {
    const got = found.get(key);
    const { relative = 0, absolute = 0 } = tolerances[key.split("|")[0]!] ?? {};
    if (got === undefined) missing += 1;
    else if (
      !(
        Math.abs(got - value) <= absolute + relative * Math.abs(value) ||
        (Number.isNaN(got) && Number.isNaN(value))
      )
    )
      different += 1;
  }
  const more = [...found.keys()].filter((key) => !wanted.has(key)).length;
  return missing + different + more === 0
    ? `${wanted.size} rows within tolerance`
    : `of ${wanted.size} rows ${different} differ, ${missing} lack, ${more} too many`;
};

const valuesOf = (path: string): Map<string, number> => {
  const [head = "", ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const names = head.split(",");
  return new Map(
    lines.map((line) => {
      const cells = line.split(",");
      const of = (name: string) => cells[names.indexOf(name)] ?? "";
      const key = [
        of("metric"),
        leadHours(of("lead_time")),
        time(of("init_time")),
        of("case_id_number"),
      ].join("|");
      return [key, of("value") === "" ? Number.NaN : Number(of("value"))];
    }),
  );
};

const leadHours = (text: string): string => {
  const [, days = "0", hours = "0"] = /^(-?\d+) days?(?: (\d+):\d\d:\d\d)?/.exec(text) ?? [];
  return text === "" ? "" : `${24 * Number(days) + Number(hours)}`;
};

const time = (text: string): string =>
  text === "" || text === "NaT" ? "" : text.replace("T", " ").slice(0, 13);
