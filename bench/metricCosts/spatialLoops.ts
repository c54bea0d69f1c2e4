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

/** Events of both sides and whether there is one of the other in the window of three around. */
export const nearby = (threshold: number): PlainLoop =>
  plainLoop(
    `const x = f[i], y = o[i]; if (x !== x || y !== y) continue; n++;
    if (x < ${threshold} && y < ${threshold}) { d++; continue; }
    let nearF = false, nearO = false;
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++)
      for (let k = Math.max(0, column - 1); k <= Math.min(columns - 1, column + 1); k++) {
        if (f[r * columns + k] >= ${threshold}) nearF = true;
        if (o[r * columns + k] >= ${threshold}) nearO = true;
      }
    if (x >= ${threshold}) nearO ? a++ : b++;
    if (y >= ${threshold} && !nearF) g++;`,
  );

/** Connected objects of both sides (eight neighbours, no wrap), with area, mean and centre of each. */
export const objects = (threshold: number): PlainLoop =>
  plainLoop(
    "",
    `const made = [];
    for (const values of [f, o]) {
      const seen = new Uint8Array(values.length), stack = [];
      for (let first = 0; first < values.length; first++) {
        if (seen[first] || !(values[first] >= ${threshold})) continue;
        seen[first] = 1; stack.push(first);
        let area = 0, mass = 0, east = 0, south = 0, most = 0;
        while (stack.length > 0) {
          const i = stack.pop(), row = Math.floor(i / columns), column = i % columns, v = values[i];
          area += w[row]; mass += w[row] * v; east += w[row] * v * column; south += w[row] * v * row;
          if (v > most) most = v;
          for (let r = row - 1; r <= row + 1; r++) for (let k = column - 1; k <= column + 1; k++) {
            if (r < 0 || r >= rows || k < 0 || k >= columns) continue;
            const j = r * columns + k;
            if (!seen[j] && values[j] >= ${threshold}) { seen[j] = 1; stack.push(j); }
          }
        }
        made.push([area, mass, east / mass, south / mass, most]);
      }
    }`,
    "$a = made.length;",
  );

/** Mass and first moments of both sides, of values or of events. */
export const centres = (threshold: number): PlainLoop =>
  plainLoop(
    `const x = f[i], y = o[i];
    if (x === x && x >= ${threshold}) { a += x; b += x * column; d += x * row; }
    if (y === y && y >= ${threshold}) { g += y; h += y * column; n += y * row; }`,
  );
