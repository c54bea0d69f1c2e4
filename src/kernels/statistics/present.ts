/** The numbers that are not NaN, in their order. */
export const present = (values: ArrayLike<number>): Float64Array =>
  Float64Array.from(values).filter((value) => !Number.isNaN(value));
