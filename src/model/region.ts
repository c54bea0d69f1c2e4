/**
 * A latitude-longitude box, degrees, both edges inside it. `west` > `east`, or longitudes beyond ±180, mean a
 * box across the antimeridian or the prime meridian; `east - west >= 360` is the whole circle.
 */
export interface Region {
  readonly south: number;
  readonly north: number;
  readonly west: number;
  readonly east: number;
}
