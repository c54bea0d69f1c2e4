import { type Case, openEnd } from "../model/case.ts";
import { EwbError } from "../model/errors.ts";
import type { Failure } from "../model/row.ts";
import { readCases } from "../runtime/caseFiles.ts";
import { openDataSet } from "../runtime/dataSets.ts";
import { cacheFolder } from "../runtime/folders.ts";

const day = (time: number): string => new Date(time).toISOString().slice(0, 16).replace("T", " ");

const box = ({ region }: Case): string =>
  `${region.south}..${region.north} N, ${region.west}..${region.east} E`;

/** `list`: a line a case; `show ID`: one in full; `check FILE`: every defect of a case file. */
export const casesCommand = async (
  action: string,
  subject: string | undefined,
  options: { readonly data: string; readonly cases?: string },
  out: NodeJS.WriteStream,
): Promise<number> => {
  const defects: Failure[] = [];
  const fail = (failure: Failure) => void defects.push(failure);
  const say = () => {
    for (const { message } of defects) out.write(`${message}\n`);
  };
  const all = async (): Promise<readonly Case[]> => {
    if (action === "check" && subject !== undefined) return readCases(subject, fail);
    if (options.cases !== undefined) return readCases(options.cases, fail);
    const { cases } = await openDataSet(options.data, cacheFolder());
    return typeof cases === "string" ? readCases(cases, fail) : cases;
  };
  switch (action) {
    case "list": {
      const cases = await all();
      for (const event of cases) {
        const { id, type, title, start, end } = event;
        out.write(
          `${String(id).padStart(4)}  ${type.padEnd(18)} ${day(start)} to ${end === openEnd ? "open" : day(end)}  ${title} (${box(event)})\n`,
        );
      }
      say();
      return defects.length > 0 ? 1 : 0;
    }
    case "show": {
      const event = (await all()).find(({ id }) => String(id) === subject);
      if (event === undefined)
        throw new EwbError("Options", `no case ${subject}: "ewb cases list" names those there are`);
      out.write(`case ${event.id}: ${event.title}\ntype    ${event.type}\nstart   ${day(event.start)} UTC\n`);
      out.write(
        `end     ${event.end === openEnd ? "open" : `${day(event.end)} UTC`}\nregion  ${box(event)}\n`,
      );
      return 0;
    }
    case "check": {
      if (subject === undefined) throw new EwbError("Options", "ewb cases check FILE: name the case file");
      const cases = await all();
      say();
      out.write(
        `${cases.length} good case${cases.length === 1 ? "" : "s"}, ${defects.length} defect${defects.length === 1 ? "" : "s"}\n`,
      );
      return defects.length > 0 ? 1 : 0;
    }
    default:
      throw new EwbError("Options", `ewb cases ${action}: expected list, show ID or check FILE`);
  }
};
