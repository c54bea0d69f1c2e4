/** For tests of metrics of your own: `ewb/testing`. */
export { cutPair } from "./testing/cutPair.ts";
export { type LawOptions, metricLaws } from "./testing/metricLaws.ts";
export { type RandomPairs, randomPairs } from "./testing/randomPairs.ts";
