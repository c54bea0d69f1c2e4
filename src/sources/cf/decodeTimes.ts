import { EwbError } from "../../model/errors.ts";
import type { AxisValues } from "./axisValues.ts";
import { calendarOf } from "./calendar.ts";
import { countsToMilliseconds } from "./countsToMilliseconds.ts";
import { numpySpan, parseReference, spanOf } from "./timeUnit.ts";

const since = /^\s*(\S+)\s+since\s+(.+)$/i;

/** 0001-01-01 up to the end of 9999. */
const dates = [-62_135_596_800_000, 253_402_300_799_999, "the years 1 to 9999"] as const;

/** Whether values are instants (`hours since …`, `datetime64[ns]`) rather than counts of something. */
export const isTimes = (dataType: string, attributes: Readonly<Record<string, unknown>>): boolean =>
  dataType.startsWith("datetime64") ||
  (typeof attributes.units === "string" && /\ssince\s/i.test(attributes.units));

/**
 * Times of an axis in milliseconds since 1970-01-01 UTC, as CF (section 4.4) and numpy write them: days down to
 * nanoseconds since a reference with or without a zone, in the calendars `standard` (also `gregorian`; Julian before
 * 1582-10-15) and `proleptic_gregorian`. Rounded to the millisecond.
 *
 * Throws `MetadataInvalid` for missing entries (naming the index), times outside the years 1 to 9999, absent units
 * and references that are no date; `Unsupported` for other calendars and for units of no fixed length.
 *
 * @example
 * decodeTimes({ values: Int32Array.of(24), attributes: { units: "hours since 1970-01-01" }, dataType: "int32",
 *   fill: null, source: "store", variable: "time" }); // Float64Array [86400000]
 */
export const decodeTimes = (axis: AxisValues): Float64Array => {
  const { attributes, dataType, source, variable } = axis;
  const place = { source, variable };
  if (dataType.startsWith("datetime64")) {
    const span = numpySpan(dataType);
    if (span) return countsToMilliseconds(axis, span, 0, dates);
    throw new EwbError(
      "Unsupported",
      `${source}: ${variable} has the type ${dataType}; days down to nanoseconds can be read`,
      place,
    );
  }
  const { units } = attributes;
  if (typeof units !== "string" || units.trim() === "") {
    throw new EwbError(
      "MetadataInvalid",
      `${source}: ${variable} has no units; a time axis needs units such as "hours since 1970-01-01"`,
      place,
    );
  }
  const calendar = calendarOf(attributes.calendar);
  if (!calendar) {
    throw new EwbError(
      "Unsupported",
      `${source}: ${variable} is in the calendar ${JSON.stringify(attributes.calendar)}; its dates are not real ` +
        "ones. standard, gregorian and proleptic_gregorian can be read",
      place,
    );
  }
  const match = since.exec(units);
  const span = match && spanOf(match[1]!);
  if (!match || !span) {
    throw new EwbError(
      "Unsupported",
      `${source}: ${variable} has the units "${units}"; a unit of fixed length is needed, days down to ` +
        'nanoseconds, e.g. "hours since 1970-01-01" (a month or a year is none)',
      place,
    );
  }
  const reference = parseReference(match[2]!, calendar);
  if (reference === undefined) {
    throw new EwbError(
      "MetadataInvalid",
      `${source}: ${variable} has the units "${units}"; "${match[2]}" is no date of the calendar ${calendar}`,
      place,
    );
  }
  return countsToMilliseconds(axis, span, reference, dates);
};
