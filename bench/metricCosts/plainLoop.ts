/**
 * Loops as one writes them by hand for one score: over rows and columns, a running sum or several, a place left out
 * where something is missing, sums of a row weighed by its area. Only what is done at a place is told, as text, so that
 * each is a function of its own and none has a call for each place.
 *
 * A body sees `f`, `o` and `c` (the climatology), `i`, `row`, `column`, `rows`, `columns`, `members`, `other`; adds to
 * `n`, `a`, `b`, `d`, `g`, `h`, of which `$n` and so on are the weighed sums; and leaves a place by `continue`.
 */
import type { PlainPair } from "./benchPairs.ts";

export type PlainLoop = (plain: PlainPair) => unknown;

export const plainLoop = (body: string, before = "", after = ""): PlainLoop =>
  new Function(
    "{ f, o, c, w, rows, columns, members, other }",
    `${before}
    let $n = 0, $a = 0, $b = 0, $d = 0, $g = 0, $h = 0;
    for (let row = 0; row < rows; row++) {
      let n = 0, a = 0, b = 0, d = 0, g = 0, h = 0;
      for (let i = row * columns, column = 0; column < columns; i++, column++) {
        ${body}
      }
      $n += w[row] * n; $a += w[row] * a; $b += w[row] * b; $d += w[row] * d; $g += w[row] * g; $h += w[row] * h;
    }
    ${after}
    return [$n, $a, $b, $d, $g, $h];`,
  ) as PlainLoop;

/** e = f - o, present. */
export const error = "const e = f[i] - o[i]; if (e !== e) continue; n++;";
/** x and y, both present. */
export const both = "const x = f[i], y = o[i]; if (x !== x || y !== y) continue; n++;";
/** The members present, in `x`, m of them; y the target. */
export const ensemble =
  "const y = o[i]; if (y !== y) continue; let m = 0; for (let k = 0; k < members.length; k++) { const v = members[k][i]; if (v === v) x[m++] = v; } if (m < 2) continue; n++;";
export const sorted =
  "for (let k = 1; k < m; k++) { const v = x[k]; let j = k - 1; while (j >= 0 && x[j] > v) { x[j + 1] = x[j]; j--; } x[j + 1] = v; }";
export const room = "const x = new Float64Array(members.length);";
/** Members at or above a threshold, in `k`. */
export const counted = (threshold: number): string =>
  `const y = o[i]; if (y !== y) continue; let m = 0, k = 0; for (let j = 0; j < members.length; j++) { const v = members[j][i]; if (v === v) { m++; if (v >= ${threshold}) k++; } } if (m < 2) continue; n++;`;
/** Mean and variance of the members. */
export const spread =
  "let s = 0; for (let k = 0; k < m; k++) s += x[k]; const mean = s / m; let q = 0; for (let k = 0; k < m; k++) q += (x[k] - mean) * (x[k] - mean); const variance = q / (m - 1);";
