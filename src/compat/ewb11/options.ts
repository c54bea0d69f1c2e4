import { EwbError } from "../../model/errors.ts";
import type { Weights } from "../../model/pair.ts";
import type { MemoryArray } from "../../model/source.ts";
import type { Keep } from "../../operators/metrics/keep.ts";
import { onlyOptions } from "../../operators/metrics/options.ts";

/** Dimensions of the peer's lead_time x valid_time grid that a metric may keep. */
export type PeerDim = "lead_time" | "valid_time";

/** What all of the peer's metrics take, under our spelling of its names. */
export interface PeerOptions {
  /** Dimensions that are kept: `preserve_dims` of the peer. `init_time` is none of its grid and is refused. */
  readonly preserveDims?: string | readonly string[];
  /** The same under the name our metrics use. */
  readonly keep?: Keep;
  /**
   * Weights by label (dimensions latitude, longitude, lead_time, valid_time), honoured only with
   * `intervalWhereOne`. Words like `"area"` mean nothing to the peer and are ignored.
   */
  readonly weights?: Weights | MemoryArray;
  /** Where the weight of a threshold-weighted error is 1: [left, right), infinite ends allowed. */
  readonly intervalWhereOne?: readonly [number, number];
  /** Where it is positive (a trapezoid); needs `intervalWhereOne`. */
  readonly intervalWherePositive?: readonly [number, number];
  /** Leads (hours) in the order the store lists them, where that is not ascending: the peer's grid keeps it. */
  readonly leadOrder?: readonly number[];
  readonly forecastVariable?: string;
  readonly targetVariable?: string;
}

export const PEER_OPTIONS = [
  "preserveDims",
  "keep",
  "weights",
  "intervalWhereOne",
  "intervalWherePositive",
  "leadOrder",
  "forecastVariable",
  "targetVariable",
];

/** Checks what every metric of the peer checks when it is made. Throws `Options`. */
export const checkPeerOptions = (
  metric: string,
  variable: string,
  options: PeerOptions,
  more: readonly string[] = [],
): void => {
  onlyOptions(metric, options, [...PEER_OPTIONS, ...more]);
  const { forecastVariable, targetVariable } = options;
  if ((forecastVariable === undefined) !== (targetVariable === undefined)) {
    throw new EwbError("Options", `${metric}: give both forecastVariable and targetVariable, or neither.`);
  }
  for (const other of [forecastVariable, targetVariable]) {
    if (other === undefined || other === variable) continue;
    throw new EwbError(
      "Options",
      `${metric}: ${other} is to be scored as ${variable}. Derive one variable on both sides instead.`,
    );
  }
};

/** `preserve_dims`, checked against the dimensions there are. Throws `Options`. */
export const preservedDims = (metric: string, options: PeerOptions, usual: readonly PeerDim[]): PeerDim[] => {
  const dims = [options.preserveDims ?? options.keep ?? usual].flat();
  for (const dim of dims) {
    if (dim === "lead_time" || dim === "valid_time") continue;
    throw new EwbError(
      "Options",
      `${metric}: there is no dimension ${dim} to preserve; forecasts lie on lead_time x valid_time. Preserve these, or use the metric of ewb/metrics.`,
    );
  }
  return (["lead_time", "valid_time"] as const).filter((dim) => dims.includes(dim));
};

/** What the options say for the column `parameters`. */
export const peerParameters = (options: PeerOptions): Record<string, string> => {
  const { intervalWhereOne: one, intervalWherePositive: positive, weights, leadOrder } = options;
  const dims = [options.preserveDims ?? options.keep ?? []].flat();
  return {
    compat: "ewb11",
    ...(one === undefined ? {} : { interval_where_one: `[${one.join(", ")}]` }),
    ...(one === undefined || positive === undefined
      ? {}
      : { interval_where_positive: `[${positive.join(", ")}]` }),
    ...(one === undefined || typeof weights !== "object" ? {} : { weights: `by ${weights.dims.join(",")}` }),
    ...(dims.length === 0 ? {} : { preserve_dims: dims.join(",") }),
    ...(leadOrder === undefined ? {} : { lead_order: leadOrder.join(",") }),
  };
};
