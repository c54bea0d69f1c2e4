import { isEwbError } from "../../model/errors.ts";
import type { PairSet } from "../../model/pair.ts";
import type { Failure } from "../../model/row.ts";

/** A line of the failures table for an error, whatever was thrown. */
export const failureOf = (
  error: unknown,
  stage: Failure["stage"],
  where: { readonly set?: PairSet; readonly target?: string; readonly key?: string } = {},
): Failure => {
  const place = isEwbError(error) ? error.place : {};
  const { set } = where;
  const key = [place.variable, place.chunk ?? place.line ?? where.key].filter((part) => part !== undefined);
  return {
    case_id: set?.event.id ?? null,
    forecast: set?.forecast.name ?? null,
    target: where.target ?? null,
    source: place.source ?? null,
    key: key.length > 0 ? key.join(" ") : null,
    stage,
    tag: isEwbError(error) ? error.tag : error instanceof Error ? error.name : "Error",
    message: error instanceof Error ? error.message : String(error),
  };
};
