/** What each metric of tracks is measured with: all pairs of a case from the first to its rows, and the loop for it. */
import type { Pair } from "../../src/model/pair.ts";
import { built as M } from "./builtMetrics.ts";
import { ring } from "./stormPairs.ts";
import { displacement, landfalls, late, stronger, trackErrors } from "./trackLoops.ts";

export type TrackCost = readonly [metric: any, loop: (pairs: readonly Pair[]) => unknown];

const coast = { coast: { land: { type: "Polygon", coordinates: [ring] } } };

const t = (make: any, options?: object): any => make("t", options);

export const trackCosts: readonly TrackCost[] = [
  [t(M.landfallDisplacement, coast), landfalls(displacement)],
  [t(M.landfallTimeMeanError, coast), landfalls(late)],
  [t(M.landfallIntensityMeanAbsoluteError, coast), landfalls(stronger)],
  [t(M.trackError), trackErrors],
];
