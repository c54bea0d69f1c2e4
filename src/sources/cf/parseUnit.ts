/**
 * Units as numbers: a text such as `m s**-1` becomes a factor to base units (kg, m, s, K, degree, dBZ), kept as a
 * fraction so that `hPa` is exactly 100 and `%` exactly 1/100, and the exponents of the base units.
 */
export interface Unit {
  /** Base value = value * multiply / divide + add. */
  readonly multiply: number;
  readonly divide: number;
  readonly add: number;
  /** Exponents of the base units in canonical text, `kg1 s-2`; empty: a plain number. */
  readonly base: string;
}

type Known = readonly [multiply: number, divide: number, base: string, add?: number];

const water = /^(mm|cm|m)\s+(?:of\s+)?(?:water|w\.?e\.?)(?:\s+equivalent)?(?=$|[\s/])/i;

/** Names and symbols. A symbol with an offset (degC) stands alone. */
const known: Readonly<Record<string, Known>> = {
  "1": [1, 1, ""],
  "%": [1, 100, ""],
  percent: [1, 100, ""],
  fraction: [1, 1, ""],
  proportion: [1, 1, ""],
  dimensionless: [1, 1, ""],
  okta: [1, 8, ""],
  oktas: [1, 8, ""],
  kg: [1, 1, "kg1"],
  kilogram: [1, 1, "kg1"],
  kilograms: [1, 1, "kg1"],
  g: [1, 1000, "kg1"],
  gram: [1, 1000, "kg1"],
  grams: [1, 1000, "kg1"],
  mg: [1, 1e6, "kg1"],
  m: [1, 1, "m1"],
  meter: [1, 1, "m1"],
  meters: [1, 1, "m1"],
  metre: [1, 1, "m1"],
  metres: [1, 1, "m1"],
  gpm: [1, 1, "m1"],
  gpdam: [10, 1, "m1"],
  dam: [10, 1, "m1"],
  km: [1000, 1, "m1"],
  cm: [1, 100, "m1"],
  mm: [1, 1000, "m1"],
  millimeter: [1, 1000, "m1"],
  millimeters: [1, 1000, "m1"],
  millimetre: [1, 1000, "m1"],
  millimetres: [1, 1000, "m1"],
  inch: [254, 10000, "m1"],
  inches: [254, 10000, "m1"],
  ft: [3048, 10000, "m1"],
  foot: [3048, 10000, "m1"],
  feet: [3048, 10000, "m1"],
  s: [1, 1, "s1"],
  sec: [1, 1, "s1"],
  second: [1, 1, "s1"],
  seconds: [1, 1, "s1"],
  min: [60, 1, "s1"],
  minute: [60, 1, "s1"],
  minutes: [60, 1, "s1"],
  h: [3600, 1, "s1"],
  hr: [3600, 1, "s1"],
  hour: [3600, 1, "s1"],
  hours: [3600, 1, "s1"],
  d: [86400, 1, "s1"],
  day: [86400, 1, "s1"],
  days: [86400, 1, "s1"],
  K: [1, 1, "K1"],
  kelvin: [1, 1, "K1"],
  kelvins: [1, 1, "K1"],
  degK: [1, 1, "K1"],
  deg_K: [1, 1, "K1"],
  degree_K: [1, 1, "K1"],
  degrees_K: [1, 1, "K1"],
  C: [1, 1, "K1", 273.15],
  "°C": [1, 1, "K1", 273.15],
  degC: [1, 1, "K1", 273.15],
  deg_C: [1, 1, "K1", 273.15],
  degree_C: [1, 1, "K1", 273.15],
  degrees_C: [1, 1, "K1", 273.15],
  degreeC: [1, 1, "K1", 273.15],
  degreesC: [1, 1, "K1", 273.15],
  celsius: [1, 1, "K1", 273.15],
  centigrade: [1, 1, "K1", 273.15],
  degree_Celsius: [1, 1, "K1", 273.15],
  degrees_Celsius: [1, 1, "K1", 273.15],
  F: [5, 9, "K1", (459.67 * 5) / 9],
  "°F": [5, 9, "K1", (459.67 * 5) / 9],
  degF: [5, 9, "K1", (459.67 * 5) / 9],
  deg_F: [5, 9, "K1", (459.67 * 5) / 9],
  degree_F: [5, 9, "K1", (459.67 * 5) / 9],
  degrees_F: [5, 9, "K1", (459.67 * 5) / 9],
  fahrenheit: [5, 9, "K1", (459.67 * 5) / 9],
  degree_Fahrenheit: [5, 9, "K1", (459.67 * 5) / 9],
  degrees_Fahrenheit: [5, 9, "K1", (459.67 * 5) / 9],
  Pa: [1, 1, "kg1 m-1 s-2"],
  pascal: [1, 1, "kg1 m-1 s-2"],
  pascals: [1, 1, "kg1 m-1 s-2"],
  hPa: [100, 1, "kg1 m-1 s-2"],
  hectopascal: [100, 1, "kg1 m-1 s-2"],
  hectopascals: [100, 1, "kg1 m-1 s-2"],
  kPa: [1000, 1, "kg1 m-1 s-2"],
  bar: [100000, 1, "kg1 m-1 s-2"],
  mbar: [100, 1, "kg1 m-1 s-2"],
  mb: [100, 1, "kg1 m-1 s-2"],
  millibar: [100, 1, "kg1 m-1 s-2"],
  millibars: [100, 1, "kg1 m-1 s-2"],
  N: [1, 1, "kg1 m1 s-2"],
  J: [1, 1, "kg1 m2 s-2"],
  joule: [1, 1, "kg1 m2 s-2"],
  joules: [1, 1, "kg1 m2 s-2"],
  kJ: [1000, 1, "kg1 m2 s-2"],
  MJ: [1000000, 1, "kg1 m2 s-2"],
  W: [1, 1, "kg1 m2 s-3"],
  watt: [1, 1, "kg1 m2 s-3"],
  watts: [1, 1, "kg1 m2 s-3"],
  PVU: [1, 1e6, "K1 kg-1 m2 s-1"],
  kt: [1852, 3600, "m1 s-1"],
  kts: [1852, 3600, "m1 s-1"],
  kn: [1852, 3600, "m1 s-1"],
  knot: [1852, 3600, "m1 s-1"],
  knots: [1852, 3600, "m1 s-1"],
  kmh: [1000, 3600, "m1 s-1"],
  kph: [1000, 3600, "m1 s-1"],
  mph: [44704, 100000, "m1 s-1"],
  mps: [1, 1, "m1 s-1"],
  deg: [1, 1, "degree1"],
  degree: [1, 1, "degree1"],
  degrees: [1, 1, "degree1"],
  degree_true: [1, 1, "degree1"],
  degrees_true: [1, 1, "degree1"],
  "°": [1, 1, "degree1"],
  rad: [180, Math.PI, "degree1"],
  radian: [180, Math.PI, "degree1"],
  radians: [180, Math.PI, "degree1"],
  dBZ: [1, 1, "dBZ1"],
};

/** A symbol as written; one of three letters or more also in other case (`pvu`), shorter ones not (`Mm`, `mm`). */
const lookUp = (symbol: string): Known | undefined => {
  if (Object.hasOwn(known, symbol)) return known[symbol];
  const lower = symbol.toLowerCase();
  const alike = Object.keys(known).filter((name) => name.toLowerCase() === lower);
  return alike.length === 1 && symbol.length > 2 ? known[alike[0]!] : undefined;
};

const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** One spelling of powers, products and words: `m·s⁻¹`, `m.s-1`, `m s**-1` all become `m s-1`. */
const plain = (text: string): string =>
  text
    .trim()
    .replace(water, "$1")
    .replace(/^\(?\s*0\s*-\s*1\s*\)?$/, "1")
    .replace(/⁻/g, "-")
    .replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(superscripts.indexOf(digit)))
    .replace(/^(deg(?:ree)?s?)\s+(?=[A-Za-z])/i, "$1_")
    .replace(/\*\*|\^/g, "")
    .replace(/(?<![0-9])\.|\.(?![0-9])|[·*×]/g, " ")
    .replace(/\s*\/\s*/g, " /");

/** `undefined`: the text is no unit that is known. */
export const parseUnit = (text: string): Unit | undefined => {
  const words = plain(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return undefined;
  const exponents = new Map<string, number>();
  let multiply = 1;
  let divide = 1;
  let add = 0;
  for (const word of words) {
    const match = /^(\/?)(?:(\d+(?:\.\d+)?(?:e[+-]?\d+)?)|([^\d\s/+-]+)([+-]?\d+)?)$/i.exec(word);
    if (!match) return undefined;
    const [, slash, number, symbol, exponent] = match;
    const unit: Known | undefined = number !== undefined ? [Number(number), 1, ""] : lookUp(symbol!);
    if (!unit) return undefined;
    const power = (slash ? -1 : 1) * (exponent === undefined ? 1 : Number(exponent));
    if (Math.abs(power) > 9) return undefined;
    if (unit[3] !== undefined) {
      if (words.length > 1 || power !== 1) return undefined;
      add = unit[3];
    }
    for (let step = Math.abs(power); step > 0; step--) {
      multiply *= power > 0 ? unit[0] : unit[1];
      divide *= power > 0 ? unit[1] : unit[0];
    }
    for (const [, name, count] of unit[2].matchAll(/([A-Za-z]+)(-?\d+)/g)) {
      exponents.set(name!, (exponents.get(name!) ?? 0) + power * Number(count));
    }
  }
  const base = [...exponents]
    .filter(([, count]) => count !== 0)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${name}${count}`)
    .join(" ");
  return { multiply, divide, add, base };
};
