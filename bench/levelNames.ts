/** Levels of the bench's 13-level stores, in hPa, and what wind on them is called in its pipeline. */
export const levels = [50, 100, 150, 200, 250, 300, 400, 500, 600, 700, 850, 925, 1000];

export const levelName = (level: number): string => `eastward_wind_${level}`;

export const levelNames: readonly string[] = levels.map(levelName);
