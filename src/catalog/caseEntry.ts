/** One case of a case file: each field, and what is wrong with it. */

import { instantOf } from "../kernels/instant.ts";
import { type Case, openEnd } from "../model/case.ts";
import { readRegion } from "./caseRegion.ts";
import { isCaseId, orderProblem } from "./defineCase.ts";
import type { YamlKey, YamlNode } from "./yamlText.ts";

/** Says that something is wrong with a case, at a line. */
export type Complain = (line: number, what: string) => undefined;

/** The id of a case, where it has one. */
export const idOf = (item: YamlNode): number | undefined => {
  const value = item.entries.get("case_id_number")?.value;
  return typeof value === "number" && isCaseId(value) ? value : undefined;
};

/** The first of the known keys that a mapping has a second time. */
export const repeatedKey = ({ keys }: YamlNode, known: readonly string[]): YamlKey | undefined =>
  keys.find(({ name }, at) => known.includes(name) && keys.findIndex((key) => key.name === name) < at);

/** A case, or undefined after everything that is wrong with it was said. */
export const readCase = (item: YamlNode, complain: Complain): Case | undefined => {
  if (item.kind !== "mapping") return complain(item.line, "expected a mapping with case_id_number, title, …");
  const twice = repeatedKey(item, caseKeys);
  if (twice !== undefined) return complain(twice.line, `${twice.name} is given twice`);
  const lacking = caseKeys.filter(
    (key) => (item.entries.get(key)?.kind ?? "scalar") === "scalar" && blank(item, key),
  );
  for (const key of lacking) complain(item.line, `${key} is missing`);
  const id = lacking.includes("case_id_number")
    ? undefined
    : readId(item.entries.get("case_id_number")!, complain);
  const text = (key: string) =>
    lacking.includes(key) ? undefined : readText(key, item.entries.get(key)!, complain);
  const time = (key: string) =>
    lacking.includes(key) ? undefined : readTime(key, item.entries.get(key)!, complain);
  const title = text("title");
  const type = text("event_type");
  const start = time("start_date");
  const isOpen = item.entries.get("end_date")?.value === "open";
  const end = isOpen ? openEnd : time("end_date");
  const region = lacking.includes("location")
    ? undefined
    : readRegion(item.entries.get("location")!, complain);
  if (start !== undefined && end !== undefined && start > end) {
    return complain(item.entries.get("end_date")!.line, `the case ${orderProblem(start, end)}`);
  }
  if (id === undefined || title === undefined || type === undefined) return undefined;
  if (start === undefined || end === undefined || region === undefined) return undefined;
  return { id, title, type, start, end, region };
};

const caseKeys: readonly string[] = [
  "case_id_number",
  "title",
  "start_date",
  "end_date",
  "location",
  "event_type",
];

const blank = (item: YamlNode, key: string): boolean => {
  const value = item.entries.get(key)?.value ?? null;
  return value === null || (typeof value === "string" && value.trim() === "");
};

const readId = ({ kind, value, text, line }: YamlNode, complain: Complain): number | undefined => {
  if (kind === "scalar" && typeof value === "number" && isCaseId(value)) return value;
  const found =
    kind === "scalar"
      ? typeof value === "string"
        ? `the text ${JSON.stringify(value)}`
        : text
      : `a ${kind}`;
  return complain(line, `case_id_number is ${found}; expected a whole number that fits 32 bits`);
};

const readText = (
  key: string,
  { kind, text, value, line }: YamlNode,
  complain: Complain,
): string | undefined => {
  if (kind !== "scalar") return complain(line, `${key} is a ${kind}; expected text`);
  return typeof value === "string" ? value : text;
};

const readTime = (
  key: string,
  { kind, text, value, line }: YamlNode,
  complain: Complain,
): number | undefined => {
  if (kind !== "scalar")
    return complain(line, `${key} is a ${kind}; expected a time such as 2021-06-20 12:00:00`);
  const time = instantOf(typeof value === "string" ? value : text);
  return typeof time === "number" ? time : complain(line, `${key}: ${time.problem}`);
};
