const RADIUS = 6371;
const RADIANS = Math.PI / 180;

/**
 * Great-circle distance in km between two points given in degrees, on a sphere of radius 6371 km
 * (Sinnott 1984, "Virtues of the Haversine").
 *
 *     haversine(40, -75, 40, -74) // 85.1798
 */
export const haversine = (
  latitudeA: number,
  longitudeA: number,
  latitudeB: number,
  longitudeB: number,
): number => {
  const north = Math.sin(((latitudeB - latitudeA) * RADIANS) / 2);
  const east = Math.sin(((longitudeB - longitudeA) * RADIANS) / 2);
  const h = north * north + Math.cos(latitudeA * RADIANS) * Math.cos(latitudeB * RADIANS) * east * east;
  return 2 * RADIUS * Math.asin(Math.sqrt(Math.min(1, h)));
};
