/** Hand-written loops of metrics that look at neighbours: windows, objects, centres. */
import type { PlainLoop } from "./plainLoop.ts";
import { plainLoop } from "./plainLoop.ts";

/** Fractions of one square window and threshold from summed areas. */
export const fractions = (threshold: number, window: number): PlainLoop =>
  plainLoop(
    `if (row + ${window} > rows || column + ${window} > columns) continue;
    const top = row * wide + column, low = top + ${window} * wide;
    const there = sum[low + ${window}] - sum[low] - sum[top + ${window}] + sum[top];
    if (there === 0) continue;
    const x = (sumF[low + ${window}] - sumF[low] - sumF[top + ${window}] + sumF[top]) / there;
    const y = (sumO[low + ${window}] - sumO[low] - sumO[top + ${window}] + sumO[top]) / there;
    n++; a += (x - y) * (x - y); b += x * x + y * y;`,
    `const wide = columns + 1;
    const sum = new Int32Array(wide * (rows + 1)), sumF = new Int32Array(wide * (rows + 1)), sumO = new Int32Array(wide * (rows + 1));
    for (let row = 0; row < rows; row++) {
      let there = 0, ofF = 0, ofO = 0;
      for (let column = 0; column < columns; column++) {
        const x = f[row * columns + column], y = o[row * columns + column];
        if (x === x && y === y) { there++; if (x >= ${threshold}) ofF++; if (y >= ${threshold}) ofO++; }
        const at = (row + 1) * wide + column + 1;
        sum[at] = sum[at - wide] + there; sumF[at] = sumF[at - wide] + ofF; sumO[at] = sumO[at - wide] + ofO;
      }
    }`,
  );

/**
 * The table of places that have an event in the window of three around them, which goes on round the globe, and that
 * of forecast events against observed ones nearby.
 */
export const nearby = (threshold: number): PlainLoop =>
  plainLoop(
    `const x = f[i], y = o[i]; if (x !== x || y !== y) continue; n++;
    let nearF = false, nearO = false;
    for (let r = row > 0 ? row - 1 : row; r <= row + 1 && r < rows; r++)
      for (let k = column - 1; k <= column + 1; k++) {
        const j = r * columns + (k < 0 ? k + columns : k < columns ? k : k - columns);
        if (f[j] >= ${threshold}) nearF = true;
        if (o[j] >= ${threshold}) nearO = true;
      }
    if (nearF) nearO ? a++ : b++; else nearO ? d++ : g++;
    if (x >= ${threshold}) nearO ? h++ : alarms++;`,
    "let alarms = 0;",
  );

/**
 * km between the centres of mass of both sides: of values above 0 that reach a threshold, where both are present. Round
 * the globe the columns begin after the widest stretch without any.
 */
export const centres =
  (threshold: number): PlainLoop =>
  ({ f, o, rows, columns, latitude, longitude }) => {
    const [ofF, ofO] = [new Float64Array(columns), new Float64Array(columns)];
    let [n, massF, northF, massO, northO] = [0, 0, 0, 0, 0];
    for (let row = 0; row < rows; row++) {
      let [rowF, rowO] = [0, 0];
      for (let i = row * columns, column = 0; column < columns; i++, column++) {
        const [x, y] = [f[i]!, o[i]!];
        if (Number.isNaN(x) || Number.isNaN(y)) continue;
        n++;
        if (x > 0 && x >= threshold) {
          rowF += x;
          ofF[column]! += x;
        }
        if (y > 0 && y >= threshold) {
          rowO += y;
          ofO[column]! += y;
        }
      }
      massF += rowF;
      northF += rowF * latitude[row]!;
      massO += rowO;
      northO += rowO * latitude[row]!;
    }
    const east = (of: Float64Array, mass: number): number => {
      const start = firstColumn(of, longitude);
      let sum = 0;
      for (let k = 0; k < columns; k++) sum += of[k]! * (longitude[k]! + (k < start ? 360 : 0));
      return sum / mass;
    };
    return [n, kilometres(northF / massF, east(ofF, massF), northO / massO, east(ofO, massO))];
  };

/** The column after the widest stretch round the globe without anything. */
export const firstColumn = (of: ArrayLike<number>, longitude: Float64Array): number => {
  let last = of.length - 1;
  while (last >= 0 && !(of[last]! > 0)) last--;
  if (last < 0) return 0;
  let [start, widest, before] = [0, -1, longitude[last]! - 360];
  for (let k = 0; k <= last; k++) {
    if (!(of[k]! > 0)) continue;
    if (longitude[k]! - before > widest * (1 + 1e-9)) [start, widest] = [k, longitude[k]! - before];
    before = longitude[k]!;
  }
  return start;
};

const RADIANS = Math.PI / 180;

/** Great circle by the haversine formula. */
export const kilometres = (northA: number, eastA: number, northB: number, eastB: number): number => {
  const [a, b] = [Math.sin(((northB - northA) / 2) * RADIANS), Math.sin(((eastB - eastA) / 2) * RADIANS)];
  const h = a * a + Math.cos(northA * RADIANS) * Math.cos(northB * RADIANS) * b * b;
  return 2 * 6371 * Math.asin(Math.sqrt(Math.min(1, h)));
};
