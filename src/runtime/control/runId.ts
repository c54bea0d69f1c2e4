import { basename, extname } from "node:path";

/**
 * A name to say and to type: the pipeline's and the process's.
 *
 * @example runId("pipelines/heatwave.ts", 4711) // "heatwave-4711"
 */
export const runId = (pipeline: string, pid: number): string => {
  const word = basename(pipeline, extname(pipeline))
    .replace(/[^A-Za-z0-9]+/g, "-")
    .slice(0, 24)
    .replace(/^-|-$/g, "");
  return `${word === "" ? "run" : word}-${pid}`;
};
