import type { DataSet } from "../catalog/dataSet.ts";
import type { Case } from "../model/case.ts";
import type { RunEvent } from "../model/event.ts";
import type { Selection } from "../model/run.ts";

/** How to run a pipeline. Everything has a default; plain data but for `onEvent` and `signal`. */
export interface RunOptions {
  /** `"sample"` (default, embedded), `"public"`, the path of a data-set file (YAML), or a data set in code. */
  readonly data?: string | DataSet;
  /** A case file instead of the data set's, or cases in code. */
  readonly cases?: string | readonly Case[];
  /** Folder for results; default: the working folder. */
  readonly out?: string;
  /** One number for decoded and compressed chunks, copies and caches: `"512MB"`, or bytes. Default: half of what is there. */
  readonly memory?: string | number;
  /** Worker threads; 0 = in this thread. Default: cores - 1, at least 1; 0 where the pipeline is a function. */
  readonly workers?: number;
  /** Workers are threads (default), or processes of their own, which a crash of one leaves alone. */
  readonly workersAs?: "thread" | "process";
  readonly select?: Selection;
  /** Share of a unit's chunks that may be unreadable before its rows are withheld; default 0. */
  readonly maxMissing?: number;
  /** Further formats of the result beside Parquet. */
  readonly formats?: readonly ("csv" | "arrow" | "ewb-csv")[];
  /** The table as a set of files, one for each case or month, instead of one file. */
  readonly partition?: "case" | "month";
  /** Where the sample and other things made once are kept; default: the user's cache folder. */
  readonly cache?: string;
  /** Say, at the end, what was projected of memory and what was measured. */
  readonly memoryReport?: boolean;
  /** Said in the metadata of the result file. */
  readonly command?: string;
  readonly onEvent?: (event: RunEvent) => void;
  /** Aborts at once; what is not published is discarded. */
  readonly signal?: AbortSignal;
}
