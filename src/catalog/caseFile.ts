/**
 * Case files: text in, cases and defects out, nothing read or fetched.
 *
 * The layout is that of ExtremeWeatherBench's event files: a YAML list (or `cases:` with one) of mappings
 *
 *     - case_id_number: 1
 *       title: 2021 Pacific Northwest
 *       start_date: 2021-06-20 00:00:00        # UTC where no zone is stated; a date alone is 00 UTC
 *       end_date: 2021-07-03 00:00:00          # included; or open: it goes on
 *       location:
 *         type: bounded_region                 # or centered_region: latitude, longitude, bounding_box_degrees
 *         parameters: { latitude_min: 39, latitude_max: 65, longitude_min: -136.75, longitude_max: -105.75 }
 *       event_type: heat_wave
 *
 * Unknown keys are ignored. A case with a defect does not come out, its neighbours do; a file whose cases could
 * not be told apart in a result table, or that is no list of cases at all, is refused as a whole.
 */
import type { Case } from "../model/case.ts";
import { EwbError } from "../model/errors.ts";
import { type Complain, idOf, readCase, repeatedKey } from "./caseEntry.ts";
import { readYaml, type YamlNode } from "./yamlText.ts";

/** Why a case of a file cannot be evaluated. */
export interface CaseDefect {
  /** The case; null where its id cannot be read. */
  readonly caseId: number | null;
  readonly line: number;
  /** Names file, line, case, what was found and what was expected. */
  readonly message: string;
}

/**
 * The cases of a file's text, in their order, and what is wrong with the others.
 *
 * @param file name for messages
 * @throws `Cases` where the text is not YAML, holds no list of cases, or two cases have one id
 * @example parseCases(await readFile("events.yaml", "utf8"), "events.yaml")
 */
export const parseCases = (text: string, file: string): { cases: Case[]; defects: CaseDefect[] } => {
  const items = caseItems(readYaml(text, file, "Cases"), file);
  refuseRepeatedIds(items, file);
  const defects: CaseDefect[] = [];
  const cases = items.flatMap((item, index) => {
    const caseId = idOf(item) ?? null;
    const place = caseId === null ? `the ${ordinal(index + 1)} case` : `case ${caseId}`;
    const complain: Complain = (line, what) => {
      defects.push({ caseId, line, message: `${file} line ${line}, ${place}: ${what}` });
      return undefined;
    };
    const event = readCase(item, complain);
    return event === undefined ? [] : [event];
  });
  return { cases, defects };
};

const caseItems = (root: YamlNode, file: string): readonly YamlNode[] => {
  const refusal = (line: number, what: string) =>
    new EwbError("Cases", `${file} line ${line}: ${what}`, { source: file, line });
  const twice = repeatedKey(root, ["cases"]);
  if (twice !== undefined) throw refusal(twice.line, "cases is given twice; put all cases in one list");
  const list = root.kind === "mapping" ? root.entries.get("cases") : root;
  if (list === undefined) {
    const found = root.keys.slice(0, 5).map(({ name }) => name);
    throw refusal(
      root.line,
      `no cases: expected a list of cases, or the key cases; found ${found.join(", ")}`,
    );
  }
  if (list.kind === "scalar" && list.value !== null) {
    throw refusal(list.line, `no cases: expected a list of cases, found ${JSON.stringify(list.value)}`);
  }
  if (list.kind === "mapping")
    throw refusal(list.line, "cases is a mapping; expected a list, each with a dash");
  if (list.items.length === 0) throw refusal(list.line, "no cases: the file holds none");
  return list.items;
};

const refuseRepeatedIds = (items: readonly YamlNode[], file: string): void => {
  const lines = new Map<number, number>();
  for (const item of items) {
    const id = idOf(item);
    if (id === undefined) continue;
    const before = lines.get(id);
    if (before !== undefined) {
      throw new EwbError(
        "Cases",
        `${file} line ${item.line}: case_id_number ${id} is used twice, first in line ${before}. ` +
          "Rows of the result table are told apart by it; give each case its own.",
        { source: file, line: item.line },
      );
    }
    lines.set(id, item.line);
  }
};

const ordinal = (n: number): string => {
  const last = n % 100 > 10 && n % 100 < 14 ? 0 : n % 10;
  return `${n}${last === 1 ? "st" : last === 2 ? "nd" : last === 3 ? "rd" : "th"}`;
};
