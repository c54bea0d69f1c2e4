/**
 * The metrics as a run has them: of the built program (`EWB_PROGRAM` names another one), not compiled anew by what runs
 * the bench, where a call across files costs more.
 */
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type * as metrics from "../../src/operators/metrics/index.ts";
import { programPath } from "../oneRun.ts";

const load = createRequire(import.meta.url);

export const built: typeof metrics = load(join(dirname(programPath()), "../program/ewb/metrics.js"));
