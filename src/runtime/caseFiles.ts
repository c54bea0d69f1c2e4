import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Case } from "../model/case.ts";
import { EwbError } from "../model/errors.ts";
import type { Failure } from "../model/row.ts";

/** Cases of a file; a defect of one case goes to `fail`, the others come out. Throws `Cases` for the whole file. */
export const readCases = async (path: string, fail: (failure: Failure) => void): Promise<readonly Case[]> => {
  const file = resolve(path);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new EwbError(
      "Cases",
      `the case file ${file} cannot be read: ${(cause as Error).message}`,
      { source: file },
      { cause },
    );
  });
  const { parseCases } = await import("../catalog/caseFile.ts");
  const { cases, defects } = parseCases(text, file);
  for (const { caseId, line, message } of defects) {
    fail({
      case_id: caseId,
      forecast: null,
      target: null,
      source: file,
      key: `line ${line}`,
      stage: "cases",
      tag: "Cases",
      message,
    });
  }
  return cases;
};
