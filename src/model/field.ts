/**
 * Decoded values of one variable at one time: a window of a grid in row-major order (rows as the store has
 * them, columns from west to east), or a list of points. Missing is NaN. float32 data stay float32, so that a
 * threshold is compared in the precision of the data.
 */
export interface Field<Unit extends string = string> {
  readonly unit: Unit;
  readonly values: Values;
  /**
   * The members of an ensemble, each on the same places as `values`, which is then the mean of those present at a
   * place. Only of a forecast, and only where a metric asked for them (`needs.members`).
   */
  readonly members?: readonly Values[];
}

export type Values = Float32Array | Float64Array;
