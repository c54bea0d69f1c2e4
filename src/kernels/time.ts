/** Milliseconds UTC. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** Midnight UTC at which the day of `time` begins. */
export const startOfDay = (time: number): number => Math.floor(time / DAY) * DAY;

/** Calendar year, UTC. */
export const yearOf = (time: number): number => new Date(time).getUTCFullYear();

/** 1 for 1 January; 60 for 29 February in a leap year and for 1 March in others. */
export const dayOfYear = (time: number): number =>
  Math.round((startOfDay(time) - Date.UTC(yearOf(time), 0, 1)) / DAY) + 1;
