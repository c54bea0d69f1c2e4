/**
 * Days of the calendars of real dates, counted from 1970-01-01 (proleptic Gregorian). CF calls the civil calendar
 * `standard`: Julian before 1582-10-15, Gregorian from that day on (CF conventions, section 4.4.1). Arithmetic after
 * Hatcher, D. A. (1985), Q. J. R. astr. Soc. 26, 151-155.
 */
export type Calendar = "standard" | "proleptic_gregorian";

/** The calendar an attribute names; undefined: not one of real dates. An absent attribute means `standard`. */
export const calendarOf = (name: unknown): Calendar | undefined => {
  if (name === undefined || name === null) return "standard";
  if (typeof name !== "string") return undefined;
  const text = name.trim().toLowerCase();
  if (text === "standard" || text === "gregorian" || text === "") return "standard";
  return text === "proleptic_gregorian" ? "proleptic_gregorian" : undefined;
};

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970-01-01 of a date whose year starts in March, with leap days by `leap`. */
const marchDays = (year: number, month: number, day: number, gregorian: boolean): number => {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const days = 365 * y + Math.floor(y / 4) + dayOfYear;
  return gregorian ? days - Math.floor(y / 100) + Math.floor(y / 400) - 719468 : days - 719470;
};

/**
 * Days from 1970-01-01 to a date; undefined where the calendar has no such date (30 February, year 0 or 5 to 14
 * October 1582 of the standard calendar).
 *
 * @example
 * daysOf(1, 1, 1, "standard"); // -719164: two days before the same date of the proleptic calendar
 */
export const daysOf = (year: number, month: number, day: number, calendar: Calendar): number | undefined => {
  const mixed = calendar === "standard";
  if (mixed && year === 0) return undefined;
  // years before Christ of the standard calendar have no year 0 between -1 and 1
  const y = mixed && year < 0 ? year + 1 : year;
  const number = (y * 12 + month) * 31 + day;
  const turn = (1582 * 12 + 10) * 31;
  if (mixed && number > turn + 4 && number < turn + 15) return undefined;
  const gregorian = !mixed || number >= turn + 15;
  const leap = y % 4 === 0 && (!gregorian || y % 100 !== 0 || y % 400 === 0);
  if (month < 1 || month > 12 || day < 1) return undefined;
  if (day > monthLengths[month - 1]! + (month === 2 && leap ? 1 : 0)) return undefined;
  return marchDays(y, month, day, gregorian);
};
