import type { FailureEvent, GapEvent, RunEvent } from "../model/event.ts";
import type { Failure, Gap } from "../model/row.ts";

/** The event of a line of the failures table. `t` in seconds of the run's clock. */
export const failureEvent = (
  failure: Failure,
  t: number,
): FailureEvent & Extract<RunEvent, { event: "failure" }> => {
  const { case_id, ...said } = failure;
  // What to try stands in the message.
  return { event: "failure", t, case: case_id, ...said, try: null, failure };
};

/** The event of a line of the gaps table. */
export const gapEvent = (gap: Gap, t: number): GapEvent & Extract<RunEvent, { event: "gap" }> => {
  const { case_id, ...said } = gap;
  return { event: "gap", t, case: case_id, ...said, gap };
};
