/**
 * Times as people write them in case files: a date, or a date and a clock time, with or without a zone.
 *
 * A date without a time is 00 UTC of that day; a time without a zone is UTC. A date that does not exist
 * (30 February) is a problem, never the next day that does.
 */

const pattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt]|[ \t]+)(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?[ \t]*(Z|z|UTC|[+-]\d{1,2}(?::?\d{2})?)?)?$/;

/** What is wrong with a text. */
export interface Problem {
  readonly problem: string;
}

/**
 * Milliseconds UTC of a text such as `2021-06-20`, `2021-06-20 12:00:00`, `2021-06-20T12:00Z` or
 * `2021-06-20 12:00 +02:00`; or what is wrong with it.
 *
 * @example instantOf("2021-06-20") // 1624147200000
 */
export const instantOf = (text: string): number | Problem => {
  const match = pattern.exec(text.trim());
  if (match === null) {
    return { problem: `${JSON.stringify(text)} is no time; write 2021-06-20 or 2021-06-20 12:00:00 (UTC)` };
  }
  const part = (index: number): number => Number(match[index] ?? 0);
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(part) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12)
    return { problem: `${text} has no such month: ${month} is not within 1 to 12` };
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1) {
    return { problem: `the date of ${text} does not exist: that month has no day ${day}` };
  }
  if (hour > 23 || minute > 59 || second > 59) {
    return { problem: `the clock time of ${text} does not exist: the last one of a day is 23:59:59` };
  }
  const milliseconds = Number(`${match[7] ?? ""}000`.slice(0, 3));
  date.setUTCHours(hour, minute, second, milliseconds);
  const offset = offsetMinutes(match[8]);
  if (offset === undefined) return { problem: `the zone of ${text} does not exist; leave it out for UTC` };
  return date.getTime() - offset * 60_000;
};

const offsetMinutes = (zone: string | undefined): number | undefined => {
  const match = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone ?? "");
  if (match === null) return 0;
  const [hours, minutes] = [Number(match[2]), Number(match[3] ?? 0)];
  if (hours > 14 || minutes > 59) return undefined;
  return (match[1] === "-" ? -1 : 1) * (hours * 60 + minutes);
};

/** `2021-06-20T12:00Z`, as messages write a time. */
export const instantText = (time: number): string =>
  new Date(time).toISOString().replace(/(:00)?\.000Z$/, "Z");
