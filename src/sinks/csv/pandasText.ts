/**
 * Numbers and times as pandas 2 writes them to CSV, which the CSV of ExtremeWeatherBench 1.1 is made with. A time
 * column that holds one type is written short where every entry is a whole day; a mixed one is always written
 * long.
 */

/** A number as Python writes it: the shortest text that reads back as the same float64, or float32. */
export const floatText = (value: number, precision: "float64" | "float32"): string => {
  if (Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [mantissa, power] = shortest(value, precision).split("e") as [string, string];
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, "0");
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  return positional(mantissa, exponent);
};

/** `d.ddde±x` with as few digits as tell the number from its neighbours. */
const shortest = (value: number, precision: "float64" | "float32"): string => {
  if (precision === "float64") return value.toExponential();
  const single = Math.fround(value);
  for (let digits = 0; digits < 9; digits++) {
    const text = single.toExponential(digits);
    if (Math.fround(Number(text)) === single) return text;
  }
  return single.toExponential();
};

const positional = (mantissa: string, exponent: number): string => {
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return `${sign}${whole}.${digits.slice(exponent + 1) || "0"}`;
};

const day = 86_400_000;

/** Texts of a column of lengths of time in milliseconds; null is empty. */
export const timedeltaTexts = (column: readonly (number | null)[], mixed: boolean): string[] => {
  const short = !mixed && column.every((value) => value === null || value % day === 0);
  return column.map((value) => {
    if (value === null) return "";
    const days = Math.floor(value / day);
    if (short) return `${days} days`;
    // Before zero pandas counts days down and hours up: -1 days +18:00:00.
    return `${days} days ${days < 0 ? "+" : ""}${clock(value - days * day)}`;
  });
};

/** Texts of a column of times in milliseconds UTC; null is empty. */
export const datetimeTexts = (column: readonly (number | null)[], mixed: boolean): string[] => {
  const short = !mixed && column.every((value) => value === null || value % day === 0);
  return column.map((value) => {
    if (value === null) return "";
    const date = new Date(value).toISOString().slice(0, 10);
    return short ? date : `${date} ${clock(value - Math.floor(value / day) * day)}`;
  });
};

/** `hh:mm:ss`, with microseconds where there is a part of a second. */
const clock = (milliseconds: number): string => {
  const text = new Date(milliseconds).toISOString();
  return text.endsWith(".000Z") ? text.slice(11, 19) : `${text.slice(11, 23)}000`;
};
