/** Numbers as a person reads them in a table: decimals by unit, counts without any, a true minus sign, thousands shortened. */

const decimals: Readonly<Record<string, number>> = {
  K: 2,
  degC: 2,
  "m s-1": 2,
  "kg m-1 s-1": 1,
  h: 1,
  Pa: 0,
  hPa: 1,
  km: 0,
  "1": 3,
};

/** A value in its unit: `−1.25`; `NaN` where there is none. */
export const valueText = (value: number, unit: string): string => {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (unit === "1" && size > 1 && Number.isInteger(value)) return value < 0 ? `−${size}` : String(value);
  const places =
    decimals[unit] ?? (size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : size >= 0.001 ? 4 : -1);
  const text = places < 0 && size > 0 ? size.toExponential(2) : size.toFixed(Math.max(places, 0));
  return value < 0 && /[1-9]/.test(text) ? `−${text.replace("e-", "e−")}` : text.replace("e-", "e−");
};

/** A count: exact below 10,000, then `12.3k`, `4.56M`. */
export const countText = (count: number): string => {
  if (count < 10_000) return String(count);
  const [size, letter] =
    count < 1e6
      ? ([count / 1e3, "k"] as const)
      : count < 1e9
        ? ([count / 1e6, "M"] as const)
        : ([count / 1e9, "G"] as const);
  return `${size < 10 ? size.toFixed(2) : size < 100 ? size.toFixed(1) : size.toFixed(0)}${letter}`;
};

/** Least and greatest of some counts: `1404–2808`, or the one they all are. */
export const countRange = (counts: readonly number[]): string => {
  const least = countText(counts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY));
  const most = countText(counts.reduce((a, b) => Math.max(a, b), 0));
  return least === most ? least : `${least}–${most}`;
};

/** A time in milliseconds UTC as `2024-07-01 12Z`, with minutes where there are some. */
export const timeText = (milliseconds: number): string => {
  const text = new Date(milliseconds).toISOString();
  const minutes = text.slice(14, 16);
  return `${text.slice(0, 10)} ${text.slice(11, 13)}${minutes === "00" ? "" : `:${minutes}`}Z`;
};
