/** The public list of `ewb/run`: the way in from code. */
export type { RunEvent } from "./model/event.ts";
export type { Failure, Gap } from "./model/row.ts";
export { createRun } from "./runtime/createRun.ts";
export type { RunOptions } from "./runtime/options.ts";
export type { Pipeline } from "./runtime/pipelineModule.ts";
export type { Plan } from "./runtime/plan.ts";
export { plan } from "./runtime/planPipeline.ts";
export { stream } from "./runtime/stream.ts";
