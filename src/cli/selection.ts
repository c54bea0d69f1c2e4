/** Options of the command line that choose what is evaluated, from text. Throws `Options` for what makes no sense. */
import { instantOf } from "../kernels/instant.ts";
import { EwbError } from "../model/errors.ts";
import type { Selection } from "../model/run.ts";

export interface SelectionText {
  readonly forecast?: readonly string[];
  readonly metric?: readonly string[];
  readonly inits?: string;
  readonly leads?: string;
  readonly cases?: string;
  readonly limit?: string;
}

/** `--cases` is a list of ids (`1,4-7`), or a file. */
export const caseIds = (text: string | undefined): number[] | undefined => {
  if (text === undefined || !/^[\d\s,-]+$/.test(text)) return undefined;
  return text.split(",").flatMap((part) => {
    const [first = Number.NaN, last = first] = part.split("-").map(Number);
    if (!(first <= last) || last - first > 100_000) {
      throw new EwbError(
        "Options",
        `--cases ${text}: "${part}" is no case id or range: expected e.g. 3 or 4-7`,
      );
    }
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
};

export const parseSelection = async (text: SelectionText): Promise<Selection> => {
  const ids = caseIds(text.cases);
  return {
    ...(text.forecast ? { forecasts: text.forecast } : {}),
    ...(text.metric ? { metrics: await metricsOf(text.metric) } : {}),
    ...(text.inits ? { inits: range("--inits", text.inits, time, "2021-06-20..2021-06-25T12:00") } : {}),
    ...(text.leads ? { leads: range("--leads", text.leads, hours, "0..48 (hours)") } : {}),
    ...(ids ? { cases: ids } : {}),
    ...(text.limit ? { limit: positive("--limit", text.limit) } : {}),
  };
};

/** `5%` or `0.05` as a share. */
export const share = (option: string, text: string): number => {
  const value = text.endsWith("%") ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (!(value >= 0 && value <= 1)) {
    throw new EwbError("Options", `${option} ${text}: expected a share, e.g. 5% or 0.05`);
  }
  return value;
};

/** A whole number from `least`. */
export const positive = (option: string, text: string, least = 1): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new EwbError("Options", `${option} ${text}: expected a whole number from ${least}`);
  }
  return value;
};

/** What all metrics are called is loaded only where one is named. */
const metricsOf = async (texts: readonly string[]): Promise<string[]> => {
  const { metricNamed, metricNames } = await import("./metricNames.ts");
  return texts.map((text) => metricNamed(`--metric ${text}`, text, metricNames).name);
};

const range = (option: string, text: string, parse: (text: string) => number, example: string) => {
  const [from = "", to = from, more] = text.split("..");
  const ends = { from: from === "" ? -Infinity : parse(from), to: to === "" ? Infinity : parse(to) };
  if (more !== undefined || !(ends.from <= ends.to)) {
    throw new EwbError("Options", `${option} ${text}: expected a range, ends included, e.g. ${example}`);
  }
  return ends;
};

const time = (text: string): number => {
  const instant = instantOf(text);
  return typeof instant === "number" ? instant : Number.NaN;
};

const hours = (text: string): number => Number(text.replace(/\s*h$/, ""));
