/** What only the words of a case say: which estimate, which version. Told by any way to say it. */
import type { TTestOptions } from "../../../src/kernels/statistics/pairedTTest.ts";
import type { ScienceCase } from "../goldenPairs.ts";

const textOf = (one: ScienceCase): string => {
  const { id, title, definition = "" } = one as ScienceCase & { readonly definition?: string };
  return `${id} ${title} ${definition} ${JSON.stringify(one.parameters)}`;
};

/** Of the standard error of a t-test. */
export const tTestMethod = (one: ScienceCase): NonNullable<TTestOptions["method"]> => {
  const { lags, v0 } = one.parameters;
  if (lags !== undefined) return "newey-west";
  if (v0 !== undefined) return "cosine";
  return /\bar\W{0,2}2\b|r1 f1/i.test(textOf(one)) ? "ar2" : "plain";
};

/** Of the autocovariances in the test of Diebold and Mariano: fitted (HG), or as they are (HLN). */
export const dieboldMarianoMethod = (one: ScienceCase): "HG" | "HLN" => {
  const said: string | undefined = one.parameters.method;
  if (said !== undefined) return /HG/i.test(said) ? "HG" : "HLN";
  return /\bHG\b|Hering|fitted|exp\(/.test(textOf(one)) ? "HG" : "HLN";
};

/** Steps ahead of series i: one number for all, or one of each. */
export const horizonOf = ({ parameters }: ScienceCase, i: number): number => {
  const h: number | readonly number[] = parameters.h ?? parameters.horizon ?? 1;
  return typeof h === "number" ? h : h[i]!;
};

/** Of the Kling-Gupta efficiency: of 2012 the variability is a ratio of coefficients of variation. */
export const klingGuptaVersion = (one: ScienceCase): "2009" | "2012" => {
  const said = one.parameters.version ?? one.parameters.variant;
  if (said !== undefined) return /2012/.test(`${said}`) ? "2012" : "2009";
  const [year] = /2009|2012/.exec(`${one.id} ${one.title}`) ?? [];
  if (year !== undefined) return year as "2009" | "2012";
  return /2012|sd f ?\/ ?mean f|\bsd ?\/ ?mean\b|\bCV\b|coefficients? of variation/.test(textOf(one))
    ? "2012"
    : "2009";
};

/** Where a station lies in the arrays of a case, whatever it is called there. */
export const stationPlace = ({ inputs }: ScienceCase, label: string | number): number => {
  const labels: readonly (string | number)[] | undefined = Object.values(inputs).find(
    ({ dims, coords }) => dims.includes("station") && coords?.station !== undefined,
  )?.coords?.station;
  return labels === undefined ? Number(label) : labels.findIndex((each) => `${each}` === `${label}`);
};
