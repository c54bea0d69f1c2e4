import { EwbError } from "../../../model/errors.ts";
import type { Field, Values } from "../../../model/field.ts";
import type { Metric } from "../../../model/metric.ts";
import type { ClimatologyField, Pair, ReferenceForecast } from "../../../model/pair.ts";
import type { Source } from "../../../model/source.ts";
import type { Variables } from "../../../model/units.ts";
import { isClimatologyField } from "../climatologyOf.ts";
import { once } from "../once.ts";

/**
 * What a forecast is measured against: a climatology's field, some of them as the members of an ensemble, the same by
 * variable for a metric of several, or another forecast (`persistence`, `otherForecast`).
 */
export type Reference =
  | ClimatologyReference
  | Readonly<Record<string, ClimatologyReference>>
  | ReferenceForecast;

type ClimatologyReference = ClimatologyField | readonly ClimatologyField[];

/** What the target was at the init time, as the forecast of every lead. */
export const persistence = (): ReferenceForecast => ({ kind: "persistence", text: "persistence" });

/** The forecast of another source, of the same init and lead. */
export const otherForecast = (source: Source): ReferenceForecast => ({
  kind: "forecast",
  source,
  text: source.name,
});

/** A forecast that the pair knows by name: for pairs that were made by hand. */
export const namedReference = (text: string): ReferenceForecast => ({ kind: "forecast", text });

/** A reference of a metric, checked: what stands for each of its variables. */
export interface ParsedReference {
  readonly forecast: ReferenceForecast | undefined;
  readonly climatologies: Readonly<Record<string, readonly ClimatologyField[]>>;
  readonly text: string;
}

/** Throws `Options` where a variable of the metric has nothing to be measured against. */
export const parseReference = (
  name: string,
  { needs }: Pick<Metric, "needs">,
  reference: Reference,
): ParsedReference => {
  if (typeof reference !== "object" || reference === null) {
    throw new EwbError(
      "Options",
      `${name}: the reference is ${JSON.stringify(reference)}; expected persistence(), otherForecast(…) or climatologyQuantile(…).`,
    );
  }
  if (isForecast(reference)) return { forecast: reference, climatologies: {}, text: reference.text };
  const one = Array.isArray(reference) || isClimatologyField(reference);
  const climatologies: Record<string, readonly ClimatologyField[]> = {};
  for (const variable of needs.variables) {
    const given = one
      ? (reference as ClimatologyReference)
      : (reference as Record<string, ClimatologyReference>)[variable];
    const fields = given === undefined ? [] : Array.isArray(given) ? given : [given as ClimatologyField];
    if (fields.length === 0 || (one && needs.variables.length > 1)) {
      throw new EwbError(
        "Options",
        `${name}: there is no reference for ${variable}; expected a climatology for each variable like ` +
          `{ ${needs.variables.map((each) => `${each}: climatologyQuantile(…)`).join(", ")} }.`,
      );
    }
    climatologies[variable] = fields;
  }
  const texts = Object.values(climatologies).map((fields) => fields.map(({ text }) => text).join(", "));
  return { forecast: undefined, climatologies, text: [...new Set(texts)].join("; ") };
};

const isForecast = (reference: Reference): reference is ReferenceForecast =>
  "kind" in reference && (reference.kind === "forecast" || reference.kind === "persistence");

/** What a metric that is compared with a reference needs beside what it needs itself. */
export const needsOfReference = <V extends Variables>(
  needs: Metric<V>["needs"],
  { forecast, climatologies }: ParsedReference,
): Metric<V>["needs"] => {
  const fields = [...(needs.climatologies ?? []), ...Object.values(climatologies).flat()];
  const references = [...(needs.references ?? []), ...(forecast === undefined ? [] : [forecast])];
  return {
    ...needs,
    ...(fields.length === 0 ? {} : { climatologies: fields }),
    ...(references.length === 0 ? {} : { references }),
  };
};

/** The pair as it is, and with the reference in the place of the forecast. */
export interface BothPairs {
  readonly own: Pair;
  readonly reference: Pair;
}

/**
 * Views of a pair: the forecast, and the reference in its place, of some variables. A place that one of them lacks is
 * missing in both (`same`), unless each is to be seen over what it has (`own`). An ensemble of two or more lacks a
 * place where fewer than `least` members have it (`needs.leastMembers`). Conditions on the forecast are judged by the
 * forecast in both views of the same pairs. Computed once a pair for all metrics that ask for the same.
 */
export const referenceOf = (
  pair: Pair,
  variables: readonly string[],
  reference: ParsedReference,
  pairs: "same" | "own",
  least: Least = 1,
): BothPairs => once(bothPairs, pair, variables, reference, pairs, least);

type Least = number | "all";

const bothPairs = (
  pair: Pair,
  variables: readonly string[],
  reference: ParsedReference,
  pairs: "same" | "own",
  least: Least,
): BothPairs => {
  const own: Record<string, Field> = {};
  const other: Record<string, Field> = {};
  for (const variable of variables) {
    const ours = pair.forecast[variable]!;
    const theirs = fieldOf(pair, variable, reference);
    const lacks = pairs === "own" ? undefined : lacking(ours, theirs, least);
    own[variable] = lacks === undefined ? ours : without(ours, lacks);
    other[variable] = lacks === undefined ? theirs : without(theirs, lacks);
  }
  const view = (forecast: Record<string, Field>): Pair => {
    const { computed, common: _, ...rest } = pair;
    return {
      ...rest,
      forecast: { ...pair.forecast, ...forecast },
      ...(computed === undefined ? {} : { computed: new Map() }),
    };
  };
  const [ours, theirs] = [view(own), view(other)];
  return {
    own: ours,
    reference: pairs === "own" ? theirs : { ...theirs, judgedBy: pair.judgedBy ?? ours.forecast },
  };
};

/** The reference's field of a variable. */
const fieldOf = (pair: Pair, variable: string, { forecast, climatologies, text }: ParsedReference): Field => {
  const { unit, values } = pair.forecast[variable]!;
  const refuse = (found: string) =>
    new EwbError("Unit", `the reference ${text} is in ${found}, ${variable} in ${unit}.`, { variable });
  if (forecast !== undefined) {
    if (pair.reference === undefined) {
      throw new EwbError(
        "Options",
        `the reference ${text} was not read with the pair: a metric must say that it needs it (needs.references).`,
        { variable },
      );
    }
    const field = pair.reference(forecast, variable);
    if (field.unit !== unit) throw refuse(field.unit);
    return field;
  }
  const fields = climatologies[variable]!.map((field) => pair.climatology(field));
  const wrong = fields.find((field) => field.unit !== unit);
  if (wrong !== undefined) throw refuse(wrong.unit);
  const members = fields.map((field) => field.values);
  if (members.length === 1) return { unit, values: members[0]!, members };
  return { unit, values: meanOfMembers(members, values.length), members };
};

const meanOfMembers = (members: readonly Values[], size: number): Float64Array => {
  const mean = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let [sum, count] = [0, 0];
    for (let m = 0; m < members.length; m++) {
      const value = members[m]![i]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      count += 1;
    }
    mean[i] = sum / count;
  }
  return mean;
};

/** 1 at each place that one of two fields lacks; undefined where that is none. */
const lacking = (a: Field, b: Field, least: Least): Uint8Array | undefined => {
  const lacks = new Uint8Array(a.values.length);
  const any = [a, b].map((field) => markMissing(field, least, lacks));
  return any.includes(true) ? lacks : undefined;
};

const markMissing = ({ values, members = [] }: Field, least: Least, lacks: Uint8Array): boolean => {
  let any = false;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]!)) continue;
    lacks[i] = 1;
    any = true;
  }
  // Where there is a value there is one member.
  const there = least === "all" ? members.filter((member) => member.some(isThere)) : members;
  const wanted = least === "all" ? there.length : least;
  if (members.length < 2 || wanted < 2) return any;
  const counts = new Uint16Array(values.length);
  for (const member of there) {
    for (let i = 0; i < values.length; i++) if (!Number.isNaN(member[i]!)) counts[i]! += 1;
  }
  for (let i = 0; i < values.length; i++) {
    if (counts[i]! >= wanted) continue;
    lacks[i] = 1;
    any = true;
  }
  return any;
};

const isThere = (value: number): boolean => !Number.isNaN(value);

const without = ({ unit, values, members }: Field, lacks: Uint8Array): Field => {
  const cut = (from: Values): Values => {
    const copy = from.slice();
    for (let i = 0; i < copy.length; i++) if (lacks[i] === 1) copy[i] = Number.NaN;
    return copy;
  };
  return { unit, values: cut(values), ...(members === undefined ? {} : { members: members.map(cut) }) };
};
