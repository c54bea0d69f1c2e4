import { type Calendar, daysOf } from "./calendar.ts";

/** Milliseconds of a unit as a fraction: `[3600000, 1]` for an hour, `[1, 1000000]` for a nanosecond. */
export type Span = readonly [multiply: number, divide: number];

const spans: Readonly<Record<string, Span>> = {
  day: [86_400_000, 1],
  hour: [3_600_000, 1],
  minute: [60_000, 1],
  second: [1000, 1],
  millisecond: [1, 1],
  microsecond: [1, 1000],
  nanosecond: [1, 1_000_000],
};

const short: Readonly<Record<string, string>> = {
  d: "day",
  h: "hour",
  hr: "hour",
  min: "minute",
  s: "second",
  sec: "second",
  ms: "millisecond",
  msec: "millisecond",
  millisec: "millisecond",
  us: "microsecond",
  µs: "microsecond",
  μs: "microsecond",
  usec: "microsecond",
  microsec: "microsecond",
  ns: "nanosecond",
  nsec: "nanosecond",
  nanosec: "nanosecond",
};

/** The span a unit's name means, in the spellings of UDUNITS; undefined: none, or no fixed length (a month). */
export const spanOf = (name: string): Span | undefined => {
  const lower = name.trim().toLowerCase();
  const one = (text: string) => spans[short[text] ?? text];
  return one(lower) ?? (lower.endsWith("s") ? one(lower.slice(0, -1)) : undefined);
};

/** The span of numpy's `datetime64[unit]` and `timedelta64[unit]`, `[10ms]` included. */
export const numpySpan = (dataType: string): Span | undefined => {
  const match = /^(?:datetime|timedelta)64\[(\d*)(W|D|h|m|s|ms|us|μs|ns)\]$/.exec(dataType);
  if (!match) return undefined;
  const [, count, unit] = match;
  const span = unit === "W" ? ([604_800_000, 1] as const) : spanOf(unit === "m" ? "minute" : unit!);
  return span && [span[0] * (count ? Number(count) : 1), span[1]];
};

const date = /^([+-]?\d{1,6})-(\d{1,2})-(\d{1,2})|^(\d{4})(\d{2})(\d{2})(?!\d)/;
const clock = /^(\d{1,2})(?::?(\d{1,2})(?::?(\d{1,2})(\.\d*)?)?)?/;
const zone = /^(?:([+-])(\d{1,2}):?(\d{2})?)$/;

/**
 * The instant `1900-01-01 00:00:0.0 +01:30` means, in milliseconds since 1970 UTC (a fraction where it states one);
 * undefined: no such date, or none at all. Without a zone it is UTC.
 */
export const parseReference = (text: string, calendar: Calendar): number | undefined => {
  const trimmed = text.trim();
  const day = date.exec(trimmed);
  if (!day) return undefined;
  const days = daysOf(Number(day[1] ?? day[4]), Number(day[2] ?? day[5]), Number(day[3] ?? day[6]), calendar);
  if (days === undefined) return undefined;
  let rest = trimmed.slice(day[0].length);
  let time = 0;
  const separator = /^(?:T|\s+)(?=\d)/i.exec(rest);
  if (separator) {
    rest = rest.slice(separator[0].length);
    const match = clock.exec(rest);
    if (!match) return undefined;
    const [whole, hours, minutes = "0", seconds = "0", fraction = "0"] = match;
    if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
    time = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000;
    time += fraction.length > 1 ? Number(`0${fraction}`) * 1000 : 0;
    rest = rest.slice(whole.length);
  }
  rest = rest.trim();
  if (rest === "" || /^(?:z|utc|gmt)$/i.test(rest)) return days * 86_400_000 + time;
  const offset = zone.exec(rest.replace(/^(?:utc|gmt)\s*/i, ""));
  if (!offset) return undefined;
  const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  if (Number(offset[2]) > 18 || Number(offset[3] ?? 0) > 59) return undefined;
  return days * 86_400_000 + time - (offset[1] === "-" ? -1 : 1) * minutes * 60_000;
};
