import { filter, from, mergeMap, type Observable } from "rxjs";
import type { Case } from "../../model/case.ts";
import type { Run } from "../../model/run.ts";

export interface CasesOptions {
  /** A case file, or cases in code; default: those of the data set (or of `--cases FILE`). */
  readonly from?: string | readonly Case[];
  /** Only cases of this type, or of one of these types. */
  readonly eventType?: string | readonly string[];
}

/**
 * The cases to evaluate, in the order of their file.
 *
 * A defect of one case is a line in the failures table; the other cases come out.
 * @throws `Cases` where the file as a whole cannot be read
 * @example cases(run, { eventType: "heat_wave" })
 */
export const cases = (run: Run, options: CasesOptions = {}): Observable<Case> => {
  const types = options.eventType === undefined ? undefined : [options.eventType].flat();
  return from(run.cases(options.from)).pipe(
    mergeMap((all) => all),
    filter(({ id, type }) => (types?.includes(type) ?? true) && (run.selection.cases?.includes(id) ?? true)),
  );
};
