import { EwbError } from "../../model/errors.ts";
import type { AxisValues } from "./axisValues.ts";
import { countsToMilliseconds } from "./countsToMilliseconds.ts";
import { numpySpan, type Span, spanOf } from "./timeUnit.ts";

const hour: Span = [3_600_000, 1];

/** A thousand years either way. */
const lengths = [-3.2e13, 3.2e13, "a thousand years"] as const;

/** Whether values are lengths of time: `timedelta64[ns]`, or `units` that are a unit of time alone. */
export const isLeads = (dataType: string, attributes: Readonly<Record<string, unknown>>): boolean =>
  dataType.startsWith("timedelta64") ||
  (typeof attributes.units === "string" && spanOf(attributes.units) !== undefined);

/**
 * Lead times in milliseconds, from `timedelta64[unit]` or numbers with units of time; integers without units are
 * hours. Rounded to the millisecond.
 *
 * Throws `MetadataInvalid` for missing entries (naming the index) and floats without units, `Unsupported` for units
 * that are no fixed length of time.
 *
 * @example
 * decodeLeads({ values: Float32Array.of(0.25), attributes: { units: "days" }, dataType: "float32", fill: null,
 *   source: "store", variable: "lead_time" }); // Float64Array [21600000]
 */
export const decodeLeads = (axis: AxisValues): Float64Array => {
  const { attributes, dataType, source, variable } = axis;
  const place = { source, variable };
  const { units } = attributes;
  const stated = typeof units === "string" && units.trim() !== "" ? units : undefined;
  let span: Span | undefined;
  if (dataType.startsWith("timedelta64")) span = numpySpan(dataType);
  else if (stated) span = spanOf(stated);
  else if (/^u?int\d+$/.test(dataType)) span = hour;
  else {
    throw new EwbError(
      "MetadataInvalid",
      `${source}: ${variable} has no units and the type ${dataType}; a lead time needs units such as "hours" ` +
        "(integers without units are hours)",
      place,
    );
  }
  if (!span) {
    throw new EwbError(
      "Unsupported",
      `${source}: ${variable} has ${stated ? `the units "${stated}"` : `the type ${dataType}`}; a lead time is ` +
        "read in days, hours, minutes, seconds, milliseconds, microseconds or nanoseconds",
      place,
    );
  }
  return countsToMilliseconds(axis, span, 0, lengths);
};
