/**
 * The square of a unit in CF's notation: `K` -> `K2`, `m s-1` -> `m2 s-2`, `1` -> `1`.
 */
export const squaredUnit = (unit: string): string => {
  if (unit === "1" || unit === "") return unit;
  const factors = unit.split(" ").map((factor) => /^([^\d\s^*/().-]+)(-?\d+)?$/.exec(factor));
  if (factors.some((factor) => factor === null)) return `(${unit})2`;
  return factors.map((factor) => `${factor![1]}${Number(factor![2] ?? 1) * 2}`).join(" ");
};
