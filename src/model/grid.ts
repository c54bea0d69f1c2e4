/** A half-open range of indices. */
export interface Span {
  readonly start: number;
  readonly stop: number;
}

/**
 * The part of a rectilinear latitude-longitude grid that is read: rows in the order of the store, columns as
 * runs from west to east (two runs where the part crosses the seam of the stored longitudes).
 */
export interface Window {
  readonly rows: Span;
  readonly columns: readonly Span[];
}

/** Axes of a grid in degrees, as stored: latitude strictly monotonic, longitude any rotation of ascending. */
export interface Grid {
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
}

export const windowWidth = (window: Window): number =>
  window.columns.reduce((sum, { start, stop }) => sum + stop - start, 0);

export const windowHeight = (window: Window): number => window.rows.stop - window.rows.start;

export const windowSize = (window: Window): number => windowHeight(window) * windowWidth(window);
