import { hashText } from "../../../kernels/hash.ts";
import { insideShape, type Shape } from "../../../kernels/polygon.ts";
import { EwbError } from "../../../model/errors.ts";
import type { Field } from "../../../model/field.ts";
import type { BreakdownKind, Metric } from "../../../model/metric.ts";
import type { ClimatologyField, Pair, Places } from "../../../model/pair.ts";
import type { Variables } from "../../../model/units.ts";
import { checkedField } from "../climatologyOf.ts";
import type { NoVariables } from "../noVariables.ts";
import { hashed, once } from "../once.ts";
import { oneOf } from "../options.ts";
import {
  type Criterion,
  checkUnit,
  inPrecisionOf,
  meets,
  type ParsedCriterion,
  parseCriterion,
  thresholdValues,
} from "../threshold.ts";
import { checkedShape } from "./checkedShape.ts";
import { onceOfPlaces } from "./onceOfPlaces.ts";
import { partOfPair } from "./partOfPair.ts";

/**
 * Which places count. Land and sea by a mask (share of land, 0 to 1; land from 0.5 on), inside or outside of a box or
 * a polygon, where a field meets a criterion, or where one side of the pair does. A place without the value in question
 * does not count.
 */
export type Where<V extends Variables = Variables> =
  | { readonly land: ClimatologyField }
  | { readonly sea: ClimatologyField }
  | { readonly inside: Shape; readonly name?: string }
  | { readonly outside: Shape; readonly name?: string }
  | ({ readonly field: ClimatologyField } & Criterion<string>)
  | ({ readonly variable: keyof V & string; readonly side?: "target" | "forecast" } & Criterion<string>);

/** A condition, checked: plain data. */
type Parsed =
  | { readonly kind: "mask"; readonly mask: ClimatologyField; readonly land: boolean }
  | { readonly kind: "shape"; readonly shape: Shape; readonly inside: boolean }
  | { readonly kind: "field"; readonly field: ClimatologyField; readonly criterion: ParsedCriterion }
  | {
      readonly kind: "side";
      readonly variable: string;
      readonly side: "target" | "forecast";
      readonly criterion: ParsedCriterion;
    };

/**
 * Any metric over some of the places, the others missing on both sides; what the option `where` of every metric does. Several conditions must all hold.
 *
 *     where(rootMeanSquaredError("surface_air_temperature"), { land: landShare })
 *     where(meanError("surface_air_temperature"), { variable: "surface_air_temperature", above: "300 K" })
 *
 * Throws `Options` for a criterion that is none, `Unit` where a threshold's unit is not the data's.
 */
export const where = <V extends Variables = NoVariables, B extends BreakdownKind = BreakdownKind>(
  metric: Metric<V, any, B>,
  condition: Where<NoInfer<V>> | readonly Where<NoInfer<V>>[],
): Metric<V, any, B> => {
  const conditions = (Array.isArray(condition) ? condition : [condition]) as readonly Where[];
  const parsed = hashed(conditions.map((one) => parse(metric.name, one)));
  const fields = [...(metric.needs.climatologies ?? []), ...parsed.flatMap(fieldsOfCondition)];
  const variables = parsed.flatMap((one) => (one.kind === "side" ? [one.variable] : []));
  const isWhole = metric.needs.whole === true;
  return {
    ...metric,
    unit: (unit) => metric.unit(unit),
    parameters: {
      ...metric.parameters,
      where: conditions.map((one, i) => textOf(one, parsed[i]!)).join(" & "),
    },
    needs: {
      ...metric.needs,
      variables: [...new Set([...metric.needs.variables, ...variables])],
      ...(fields.length === 0 ? {} : { climatologies: fields }),
    },
    observe: (pair) => {
      if (!pair.matched || parsed.length === 0) return metric.observe(pair);
      return metric.observe(once(masked, pair, parsed, isWhole) as typeof pair);
    },
  };
};

const parse = (name: string, one: Where): Parsed => {
  if (typeof one !== "object" || one === null) throw noCondition(name, one);
  const shape = (key: string, given: Shape) => hashed(checkedShape(`${name}: where.${key}`, given));
  if ("land" in one) return { kind: "mask", mask: checkedField(`${name}: where.land`, one.land), land: true };
  if ("sea" in one) return { kind: "mask", mask: checkedField(`${name}: where.sea`, one.sea), land: false };
  if ("inside" in one) return { kind: "shape", shape: shape("inside", one.inside), inside: true };
  if ("outside" in one) return { kind: "shape", shape: shape("outside", one.outside), inside: false };
  if (!("field" in one || "variable" in one)) throw noCondition(name, one);
  if ("field" in one) {
    checkedField(`${name}: where.field`, one.field);
    return { kind: "field", field: one.field, criterion: parseCriterion(name, one.field.variable, one) };
  }
  const side = oneOf(name, "where.side", one.side ?? "target", ["target", "forecast"]);
  return { kind: "side", variable: one.variable, side, criterion: parseCriterion(name, one.variable, one) };
};

const noCondition = (name: string, given: unknown): EwbError =>
  new EwbError(
    "Options",
    `${name}: where is ${JSON.stringify(given)}; expected land, sea, inside, outside, field or variable, like { land: mask }.`,
  );

const textOf = (one: Where, parsed: Parsed): string => {
  switch (parsed.kind) {
    case "mask":
      return `${parsed.land ? "land" : "sea"} of ${parsed.mask.text}`;
    case "shape": {
      const name = "name" in one && one.name !== undefined ? `${one.name} ` : "";
      const shape = "inside" in one ? one.inside : "outside" in one ? one.outside : undefined;
      return `${parsed.inside ? "inside" : "outside"} ${name}${hashText(JSON.stringify(shape)).slice(0, 8)}`;
    }
    case "field":
      return `${parsed.field.text} ${parsed.criterion.comparison} ${parsed.criterion.text}`;
    case "side":
      return `${parsed.side} ${parsed.variable} ${parsed.criterion.comparison} ${parsed.criterion.text}`;
  }
};

const fieldsOfCondition = (one: Parsed): ClimatologyField[] => {
  if (one.kind === "mask") return [one.mask];
  if (one.kind === "shape") return [];
  const { climatology } = one.criterion;
  return [...(one.kind === "field" ? [one.field] : []), ...(climatology === undefined ? [] : [climatology])];
};

const masked = (pair: Pair, conditions: readonly Parsed[], whole: boolean): Pair => {
  const size = pair.places.leaves.at(-1)!;
  const counts = new Uint8Array(size).fill(1);
  for (const one of conditions) exclude(pair, one, counts);
  let n = 0;
  for (let i = 0; i < size; i++) n += counts[i]!;
  const chosen = new Uint32Array(n);
  for (let i = 0, k = 0; i < size; i++) if (counts[i] === 1) chosen[k++] = i;
  return partOfPair(pair, chosen, whole ? "all" : "rows");
};

/** Sets to 0 what does not meet a condition. */
const exclude = (pair: Pair, one: Parsed, counts: Uint8Array): void => {
  switch (one.kind) {
    case "shape": {
      const inside = onceOfPlaces(insidePlaces, pair.places, one.shape);
      const wanted = one.inside ? 1 : 0;
      for (let i = 0; i < counts.length; i++) if (inside[i] !== wanted) counts[i] = 0;
      return;
    }
    case "mask": {
      const { values } = pair.climatology(one.mask);
      for (let i = 0; i < counts.length; i++) {
        if (!(one.land ? values[i]! >= 0.5 : values[i]! < 0.5)) counts[i] = 0;
      }
      return;
    }
    case "field":
      excludeBy(pair, one.field.variable, pair.climatology(one.field), one.criterion, counts);
      return;
    case "side":
      excludeBy(pair, one.variable, sideOf(pair, one.side)[one.variable]!, one.criterion, counts);
  }
};

const sideOf = ({ forecast, target, judgedBy }: Pair, side: "target" | "forecast"): Pair["forecast"] =>
  side === "target" ? target : (judgedBy ?? forecast);

const excludeBy = (
  pair: Pair,
  variable: string,
  field: Field,
  criterion: ParsedCriterion,
  counts: Uint8Array,
): void => {
  checkUnit("where", variable, field, criterion);
  const { values } = field;
  const thresholds = thresholdValues(pair, criterion);
  const number = inPrecisionOf(values, criterion.number?.value ?? 0);
  for (let i = 0; i < counts.length; i++) {
    if (!meets(values[i]!, criterion.comparison, thresholds === undefined ? number : thresholds[i]!))
      counts[i] = 0;
  }
};

/** 1 for places inside a shape. */
const insidePlaces = ({ kind, leaves, latitude, longitude }: Places, shape: Shape): Uint8Array => {
  const inside = insideShape(shape);
  const found = new Uint8Array(leaves.at(-1)!);
  const width = kind === "grid" ? longitude.length : 1;
  for (let i = 0; i < found.length; i++) {
    const [row, column] = kind === "grid" ? [Math.floor(i / width), i % width] : [i, i];
    if (inside(latitude[row]!, longitude[column]!)) found[i] = 1;
  }
  return found;
};
