/** What cases of `science-metrics` say in words or labels rather than in a parameter of one name. */
import type { ScienceCase } from "../goldenPairs.ts";
import { flat, type LabelledArray, numberOf } from "../unitCase.ts";

/** All that a case says of itself. */
const textOf = (one: ScienceCase): string => {
  const { id, title, definition = "", parameters } = one as ScienceCase & { readonly definition?: string };
  return [
    id,
    title,
    definition,
    ...Object.values(parameters).filter((value) => typeof value === "string"),
  ].join("\n");
};

/** Whether a probability on a threshold of a risk matrix is below it; the definition names both. */
export const isUpperAssignment = (one: ScienceCase): boolean =>
  /assignment\W+upper|upper\W+(threshold\W+)?assignment/i.test(
    textOf({ ...one, definition: "" } as ScienceCase),
  ) || [one.parameters.assignment, one.parameters.threshold_assignment].includes("upper");

/** Whether centroids are those of points on the sphere. */
export const isOnSphere = (one: ScienceCase): boolean =>
  /unit\W+vector|\bspher(e|ical)\b|\b(3|three)\W?-?d(imensional)?\b/i.test(textOf(one));

/** Bins of probabilities: edges or a number, each distinct value, else a recalibration without bins. */
export const binsOf = ({ edges, bins }: ScienceCase["parameters"]): any =>
  edges ??
  (typeof bins !== "string" ? (bins ?? "isotonic") : /distinct/i.test(bins) ? "distinct" : undefined);

/** Which one of a dimension a label is: its place among the labels of an array that has them, else itself. */
export const placeOf = (dim: string, label: string | number, arrays: readonly LabelledArray[]): number => {
  const labels: readonly (string | number)[] | undefined = arrays.find(
    ({ coords }) => coords?.[dim] !== undefined,
  )?.coords?.[dim];
  return labels === undefined ? Number(label) : labels.indexOf(label);
};

/** Numbers of an array of two dimensions, rows along `rows`, in whatever order it has them. */
export const tableAlong = ({ dims, data }: LabelledArray, rows: string): number[][] => {
  const table = (data as unknown[]).map((row) => flat(row as any).map(numberOf));
  return dims[0] === rows ? table : table[0]!.map((_, k) => table.map((row) => row[k]!));
};
