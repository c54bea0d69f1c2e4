/** Cases written in code, through the same checks as those of a file. */

import { instantOf, instantText, type Problem } from "../kernels/instant.ts";
import { type Case, openEnd } from "../model/case.ts";
import { EwbError } from "../model/errors.ts";
import type { Region } from "../model/region.ts";
import { regionProblems } from "./region.ts";

export interface CaseDefinition {
  /** A whole number that fits 32 bits; the key of the case in every result table. */
  readonly id: number;
  readonly title: string;
  readonly type: string;
  /** ISO text (UTC where it states no zone, 00 UTC where it is a date) or a `Date`. Both ends are included. */
  readonly start: string | Date;
  /** `"open"`: it goes on. */
  readonly end: string | Date;
  readonly region: Region;
}

/**
 * A case in code.
 *
 * @throws `Cases` with everything that is wrong: an id that is no whole number, a time that does not exist, an end
 * before the start, a region without area
 * @example
 * defineCase({
 *   id: 1,
 *   title: "2021 Pacific Northwest",
 *   type: "heat_wave",
 *   start: "2021-06-20",
 *   end: "2021-07-03",
 *   region: boundedRegion({ south: 39, north: 65, west: -136.75, east: -105.75 }),
 * })
 */
export const defineCase = ({ id, title, type, start, end, region }: CaseDefinition): Case => {
  const problems: string[] = [];
  const time = (key: string, given: string | Date): number => {
    const read = typeof given === "string" ? instantOf(given) : instantOfDate(given);
    if (typeof read === "number") return read;
    problems.push(`${key}: ${read.problem}`);
    return Number.NaN;
  };
  if (!isCaseId(id)) problems.push(`id ${id} is not a whole number that fits 32 bits`);
  if (title.trim() === "") problems.push("title is empty");
  if (type.trim() === "") problems.push("type is empty");
  const times = { start: time("start", start), end: end === "open" ? openEnd : time("end", end) };
  if (times.start > times.end) problems.push(orderProblem(times.start, times.end));
  for (const { key, problem } of regionProblems(region)) problems.push(`region: ${key} ${problem}`);
  if (problems.length > 0) throw new EwbError("Cases", `case ${id}: ${problems.join("; ")}`);
  return { id, title, type, ...times, region };
};

/** Whether a number can be the id of a case: the result table holds it in 32 bits. */
export const isCaseId = (id: number): boolean => Number.isInteger(id) && Math.abs(id) <= 2_147_483_647;

/** What is said of a case whose start is after its end. */
export const orderProblem = (start: number, end: number): string =>
  `starts at ${instantText(start)}, after its end at ${instantText(end)}; swap the two`;

const instantOfDate = (date: Date): number | Problem => {
  const time = date.getTime();
  return Number.isNaN(time) ? { problem: "an invalid Date" } : time;
};
