import type { Values } from "../model/field.ts";
import type { Comparison } from "./indicator.ts";
import { justAbove } from "./justAbove.ts";

/**
 * 1 where a value of the places [start, stop) meets a number, else 0, to the beginning of `met`; `or` keeps what is 1
 * there. A missing value may give either. The number is in the precision of the values.
 */
export const meetNumber = (
  values: Values,
  comparison: Comparison,
  number: number,
  start: number,
  stop: number,
  met: Uint8Array,
  or: boolean,
): void => {
  // What is not below is at or above; what is not at or below is at or above the next number.
  const isOn = comparison === ">=" || comparison === "<";
  const edge = isOn ? number : justAbove(number, values instanceof Float32Array);
  const turned = comparison === ">=" || comparison === ">" ? 0 : 1;
  const kept = or ? 1 : 0;
  for (let i = start; i < stop; i++) {
    met[i - start] = (met[i - start]! & kept) | (turned ^ Number(values[i]! >= edge));
  }
};

/** The same against a threshold of each place; 0 where that is missing. */
export const meetField = (
  values: Values,
  comparison: Comparison,
  thresholds: Values,
  start: number,
  stop: number,
  met: Uint8Array,
  or: boolean,
): void => {
  const kept = or ? 1 : 0;
  if (comparison === ">=") {
    for (let i = start; i < stop; i++) {
      met[i - start] = (met[i - start]! & kept) | Number(values[i]! >= thresholds[i]!);
    }
  } else if (comparison === ">") {
    for (let i = start; i < stop; i++) {
      met[i - start] = (met[i - start]! & kept) | Number(values[i]! > thresholds[i]!);
    }
  } else if (comparison === "<=") {
    for (let i = start; i < stop; i++) {
      met[i - start] = (met[i - start]! & kept) | Number(values[i]! <= thresholds[i]!);
    }
  } else {
    for (let i = start; i < stop; i++) {
      met[i - start] = (met[i - start]! & kept) | Number(values[i]! < thresholds[i]!);
    }
  }
};

/** Makes scores missing where nothing is met. */
export const leaveOutUnmet = (scores: Float64Array, met: Uint8Array, count: number): void => {
  const added = Float64Array.of(Number.NaN, 0);
  for (let i = 0; i < count; i++) scores[i] = scores[i]! + added[met[i]!]!;
};
