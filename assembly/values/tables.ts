/**
 * Two-by-two tables of values against thresholds. An event is a value at or above the threshold of its side; a place
 * counts where neither side is NaN. Cells are f64, four a threshold: hits, false alarms, misses, correct negatives.
 * `edges`: the thresholds of the forecast (f64), then those of the target; `many`: how many a side.
 */
import { addExact, counted, counted32, either, padded, paddedEither, present, single, SUM, SUMS, tails } from "./leaves";

/** Adds the cells of `count` places; `fw` and `ow` are bytes a value. */
function table(
  f: usize,
  o: usize,
  fw: usize,
  ow: usize,
  edges: usize,
  many: usize,
  count: i32,
  cells: usize,
): void {
  if (fw == 4 && ow == 4) {
    // Two thresholds at once: as many counters as there are registers.
    for (let k: usize = 0; k < many; k += 2) table32(f, o, edges, many, k, count, cells);
  } else {
    for (let k: usize = 0; k < many; k++) table64(f, o, fw, ow, edges, many, k, count, cells);
  }
}

function addCells(cells: usize, n: f64, hits: f64, forecasts: f64, targets: f64): void {
  store<f64>(cells, load<f64>(cells) + hits);
  store<f64>(cells, load<f64>(cells, 8) + (forecasts - hits), 8);
  store<f64>(cells, load<f64>(cells, 16) + (targets - hits), 16);
  store<f64>(cells, load<f64>(cells, 24) + (n - forecasts - targets + hits), 24);
}

// @ts-ignore: decorator
@inline function edge32(edges: usize, k: usize): v128 {
  return f32x4.splat(<f32>load<f64>(edges + (k << 3)));
}

/** The cells of thresholds k and, where there is one, k + 1. */
function table32(f: usize, o: usize, edges: usize, many: usize, k: usize, count: i32, cells: usize): void {
  const next = k + 1 < many ? k + 1 : k;
  const f0 = edge32(edges, k), o0 = edge32(edges, many + k);
  const f1 = edge32(edges, next), o1 = edge32(edges, many + next);
  let n = i32x4.splat(0);
  let hits0 = n, forecasts0 = n, targets0 = n, hits1 = n, forecasts1 = n, targets1 = n;
  let rest = count & 3;
  let stop = f + (<usize>(count - rest) << 2);
  while (true) {
    for (; f < stop; f += 16, o += 16) {
      let x = v128.load(f), y = v128.load(o);
      const gone = v128.or(f32x4.ne(x, x), f32x4.ne(y, y));
      // All bits set is NaN, which meets nothing; and one less than nothing gone.
      x = v128.or(x, gone);
      y = v128.or(y, gone);
      n = i32x4.add(n, gone);
      const a = f32x4.ge(x, f0), b = f32x4.ge(y, o0), c = f32x4.ge(x, f1), d = f32x4.ge(y, o1);
      hits0 = i32x4.sub(hits0, v128.and(a, b));
      forecasts0 = i32x4.sub(forecasts0, a);
      targets0 = i32x4.sub(targets0, b);
      hits1 = i32x4.sub(hits1, v128.and(c, d));
      forecasts1 = i32x4.sub(forecasts1, c);
      targets1 = i32x4.sub(targets1, d);
    }
    if (rest == 0) break;
    f = padded<f32>(f, rest, tails);
    o = padded<f32>(o, rest, tails + 32);
    n = i32x4.add(n, i32x4(4 - rest, 0, 0, 0));
    stop = f + 16;
    rest = 0;
  }
  const all = <f64>count + counted32(n);
  addCells(cells + (k << 5), all, counted32(hits0), counted32(forecasts0), counted32(targets0));
  if (next != k) addCells(cells + (next << 5), all, counted32(hits1), counted32(forecasts1), counted32(targets1));
}

function table64(
  f: usize,
  o: usize,
  fw: usize,
  ow: usize,
  edges: usize,
  many: usize,
  k: usize,
  count: i32,
  cells: usize,
): void {
  const forecast = f64x2.splat(load<f64>(edges + (k << 3)));
  const target = f64x2.splat(load<f64>(edges + ((many + k) << 3)));
  let n = i64x2.splat(0);
  let hits = n, forecasts = n, targets = n;
  let rest = count & 1;
  let stop = f + <usize>(count - rest) * fw;
  while (true) {
    for (; f < stop; f += 2 * fw, o += 2 * ow) {
      const x = either(f, fw), y = either(o, ow);
      const xThere = present(x), yThere = present(y);
      const xMeets = v128.and(f64x2.ge(x, forecast), yThere), yMeets = v128.and(f64x2.ge(y, target), xThere);
      n = i64x2.sub(n, v128.and(xThere, yThere));
      hits = i64x2.sub(hits, v128.and(xMeets, yMeets));
      forecasts = i64x2.sub(forecasts, xMeets);
      targets = i64x2.sub(targets, yMeets);
    }
    if (rest == 0) break;
    f = paddedEither(f, 1, tails, fw);
    o = paddedEither(o, 1, tails + 32, ow);
    stop = f + 2 * fw;
    rest = 0;
  }
  addCells(cells + (k << 5), counted(n), counted(hits), counted(forecasts), counted(targets));
}

/** Adds the weights of the places instead, one after another. */
function weightTable(
  f: usize,
  o: usize,
  fw: usize,
  ow: usize,
  columns: usize,
  edges: usize,
  many: usize,
  count: i32,
  cells: usize,
): void {
  for (const stop = f + <usize>count * fw; f < stop; f += fw, o += ow, columns += 8) {
    const x = single(f, fw), y = single(o, ow);
    if (x != x || y != y) continue;
    for (let k: usize = 0; k < many; k++) {
      const isForecast = x >= load<f64>(edges + (k << 3)), isTarget = y >= load<f64>(edges + ((many + k) << 3));
      const at = cells + (k << 5) + (isForecast ? 0 : 16) + (isTarget ? 0 : 8);
      store<f64>(at, load<f64>(at) + load<f64>(columns));
    }
  }
}

/**
 * Adds the cells of all leaves to `counts`, which lie after the edges, and leaves as many f64 after them free. `weighed`:
 * also their weights, leaf after leaf, to the exact sums of `total`.
 */
export function tables(
  f: usize,
  o: usize,
  fw: usize,
  ow: usize,
  columns: usize,
  edges: usize,
  many: usize,
  weighed: bool,
  first: u32,
  borders: usize,
  weights: usize,
  count: i32,
  total: usize,
): void {
  const counts = edges + (many << 4);
  const cells = counts + (many << 5);
  const from = load<u32>(borders);
  f += <usize>(from - first) * fw;
  o += <usize>(from - first) * ow;
  if (!weighed) {
    table(f, o, fw, ow, edges, many, <i32>(load<u32>(borders + (<usize>count << 2)) - from), counts);
    return;
  }
  for (let i = 0; i < count; i++, borders += 4, weights += 8) {
    const length = load<u32>(borders, 4) - load<u32>(borders);
    memory.fill(cells, 0, many << 5);
    table(f, o, fw, ow, edges, many, length, cells);
    for (let k: usize = 0; k < many << 5; k += 8) store<f64>(counts + k, load<f64>(counts + k) + load<f64>(cells + k));
    if (columns != 0) {
      memory.fill(cells, 0, many << 5);
      weightTable(f, o, fw, ow, columns, edges, many, length, cells);
    }
    for (let k: usize = 0; k < many << 2; k++) {
      addExact(total + SUMS + k * SUM, load<f64>(weights) * load<f64>(cells + (k << 3)));
    }
    f += <usize>length * fw;
    o += <usize>length * ow;
  }
}

/**
 * How much of the places meets each threshold, or does not (`turned`): totals of the weight, and of each threshold of the
 * events of the forecast and of the target. After the edges four f64 a threshold are free.
 */
export function exceedances(
  f: usize,
  o: usize,
  fw: usize,
  ow: usize,
  columns: usize,
  edges: usize,
  many: usize,
  turned: bool,
  first: u32,
  borders: usize,
  weights: usize,
  count: i32,
  total: usize,
): void {
  const cells = edges + (many << 4);
  const sums = total + SUMS;
  for (let i = 0; i < count; i++, borders += 4, weights += 8) {
    const start = load<u32>(borders);
    const length = load<u32>(borders, 4) - start;
    const x = f + <usize>(start - first) * fw, y = o + <usize>(start - first) * ow;
    memory.fill(cells, 0, many << 5);
    table(x, y, fw, ow, edges, many, length, cells);
    const n = load<f64>(cells) + load<f64>(cells, 8) + load<f64>(cells, 16) + load<f64>(cells, 24);
    if (n == 0) continue;
    store<f64>(total, load<f64>(total) + n);
    const w = load<f64>(weights);
    let weight = n;
    for (let k: usize = 0; k < many; k++) {
      const at = cells + (k << 5);
      let a = load<f64>(at), b = load<f64>(at, 8), c = load<f64>(at, 16), d = load<f64>(at, 24);
      let forecasts = turned ? c + d : a + b, targets = turned ? b + d : a + c;
      if (columns != 0) {
        weight = forecasts = targets = 0;
        const ft = load<f64>(edges + (k << 3)), ot = load<f64>(edges + ((many + k) << 3));
        for (let j: usize = 0; j < <usize>length; j++) {
          const p = single(x + j * fw, fw), q = single(y + j * ow, ow);
          if (p != p || q != q) continue;
          const column = load<f64>(columns + (j << 3));
          weight += column;
          if (p >= ft != turned) forecasts += column;
          if (q >= ot != turned) targets += column;
        }
      }
      addExact(sums + (2 * k + 1) * SUM, w * forecasts);
      addExact(sums + (2 * k + 2) * SUM, w * targets);
    }
    addExact(sums, w * weight);
  }
}
