/** The whole program as a user of the library starts it: a pipeline function and a data set in code. */
import type { Row } from "ewb";
import type { DataSet } from "ewb/catalog";
import { type Failure, type Pipeline, type RunEvent, stream } from "ewb/run";
import { lastValueFrom, toArray } from "rxjs";

export interface Outcome {
  readonly rows: readonly Row[];
  readonly failures: readonly Failure[];
  /** What the run as a whole ended with. */
  readonly error?: unknown;
}

/** A data set of some cases; the pipelines of these tests name their sources themselves unless they are given here. */
export const dataSetOf = (parts: Partial<DataSet>): DataSet => ({
  name: "golden",
  description: "cases with known results",
  cases: [],
  forecasts: [],
  targets: [],
  climatologies: [],
  ...parts,
});

export const runProgram = async (pipeline: Pipeline, data: DataSet): Promise<Outcome> => {
  const failures: Failure[] = [];
  const onEvent = (event: RunEvent) => {
    if (event.event === "failure") failures.push(event.failure);
  };
  try {
    const rows = await lastValueFrom(stream(pipeline, { data, memory: "256MB", onEvent }).pipe(toArray()), {
      defaultValue: [],
    });
    return { rows, failures };
  } catch (error) {
    return { rows: [], failures, error };
  }
};

/** Whether something was refused or failed, and nothing looks like a number. */
export const hasRefused = ({ rows, failures, error }: Outcome): boolean =>
  (failures.length > 0 || error !== undefined) && rows.every(({ value }) => Number.isNaN(value));

/** For messages of failing tests: what went wrong. */
export const troubles = ({ failures, error }: Outcome): string[] => [
  ...failures.map(({ stage, tag, message }) => `${stage} ${tag}: ${message}`),
  ...(error === undefined ? [] : [String(error)]),
];
