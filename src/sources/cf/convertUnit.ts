import { parseUnit, type Unit } from "./parseUnit.ts";

/** `to` = `from` * multiply / divide + add, in float64. */
export interface Conversion {
  readonly multiply: number;
  readonly divide: number;
  readonly add: number;
}

export const identity: Conversion = { multiply: 1, divide: 1, add: 0 };

export const isIdentity = ({ multiply, divide, add }: Conversion): boolean =>
  multiply === divide && add === 0;

/** Standard acceleration of gravity, m s-2 (CGPM 1901): geopotential over it is geopotential height. */
const gravity = 9.80665;
/** Density of water, kg m-3, by which a depth of water is a mass per area. */
const waterDensity = 1000;

const amount = "kg1 m-2";
const rate = "kg1 m-2 s-1";

const greatestDivisor = (a: number, b: number): number => {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
};

const fraction = (multiply: number, divide: number, add: number): Conversion => {
  if (!Number.isSafeInteger(multiply) || !Number.isSafeInteger(divide)) return { multiply, divide, add };
  const common = greatestDivisor(multiply, divide);
  return { multiply: multiply / common, divide: divide / common, add };
};

const between = (from: Unit, to: Unit, more: readonly [number, number]): Conversion => {
  const multiply = from.multiply * to.divide * more[0];
  const divide = from.divide * to.multiply * more[1];
  return fraction(multiply, divide, ((from.add - to.add) * to.divide) / to.multiply);
};

/** What lies between two quantities that are measured differently: water depth and mass, height and geopotential. */
const crossing = (from: string, to: string, geopotential: boolean): readonly [number, number] | undefined => {
  if (from === to) return [1, 1];
  if ((from === "m1" && to === amount) || (from === "m1 s-1" && to === rate)) return [waterDensity, 1];
  if ((from === amount && to === "m1") || (from === rate && to === "m1 s-1")) return [1, waterDensity];
  if (geopotential && from === "m2 s-2" && to === "m1") return [1, gravity];
  if (geopotential && from === "m1" && to === "m2 s-2") return [gravity, 1];
  return undefined;
};

export interface Quantity {
  /** True for geopotential and heights made of it, which share names and are told apart by their unit. */
  readonly geopotential?: boolean;
}

/**
 * How values in one unit become values in another: `"unknown"` where `from` is no unit that is known, `"differs"`
 * where the two measure different things. Depths of water (m, mm) become mass per area at 1000 kg m-3;
 * geopotential becomes height by 9.80665 m s-2.
 *
 * @example
 * convertUnit("degC", "K"); // { multiply: 1, divide: 1, add: 273.15 }
 * convertUnit("hPa", "Pa"); // { multiply: 100, divide: 1, add: 0 }
 */
export const convertUnit = (
  from: string,
  to: string,
  { geopotential = false }: Quantity = {},
): Conversion | "unknown" | "differs" => {
  if (from.trim() === to.trim()) return identity;
  const source = parseUnit(from);
  if (!source) return "unknown";
  const target = parseUnit(to);
  if (!target) return "differs";
  const more = crossing(source.base, target.base, geopotential);
  return more ? between(source, target, more) : "differs";
};
