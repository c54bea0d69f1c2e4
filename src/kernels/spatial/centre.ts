const RADIANS = Math.PI / 180;

/** Axes of a lattice: degrees, columns as degrees east of the first. */
export interface LatticeAxes {
  readonly latitude: Float64Array;
  readonly offset: Float64Array;
  /** A grid round the globe. */
  readonly closed: boolean;
}

/** A place: degrees north, and degrees east of the lattice's first column. */
export interface Centre {
  readonly latitude: number;
  readonly east: number;
}

/** The centre of cells whose weights, 0 or more, are told a row after another. */
export interface CentreSum {
  add(row: number, weights: Float64Array): void;
  /** Undefined without weight. */
  centre(): Centre | undefined;
}

/**
 * Weighted mean of latitude and longitude. On a grid round the globe the columns are unrolled from the widest stretch
 * without weight, so that an object is never torn at the seam.
 */
export const planeCentre = ({ latitude, offset, closed }: LatticeAxes): CentreSum => {
  const columns = offset.length;
  const ofColumn = new Float64Array(columns);
  let [north, total] = [0, 0];
  return {
    add(row, weights) {
      let ofRow = 0;
      for (let column = 0; column < columns; column++) {
        const weight = weights[column]!;
        ofRow += weight;
        ofColumn[column]! += weight;
      }
      north += ofRow * latitude[row]!;
      total += ofRow;
    },
    centre() {
      if (total === 0) return undefined;
      const start = closed ? afterWidestGap(ofColumn, offset) : 0;
      let east = 0;
      for (let column = 0; column < columns; column++) {
        east += ofColumn[column]! * (offset[column]! + (column < start ? 360 : 0));
      }
      return { latitude: north / total, east: east / total };
    },
  };
};

/** The first column with weight after the widest stretch without; of equal stretches the westernmost. */
export const afterWidestGap = (ofColumn: ArrayLike<number>, offset: Float64Array): number => {
  const occupied: number[] = [];
  for (let column = 0; column < ofColumn.length; column++) if (ofColumn[column]! > 0) occupied.push(column);
  let [start, widest] = [0, -1];
  for (let i = 0; i < occupied.length; i++) {
    const before = i === 0 ? offset[occupied.at(-1)!]! - 360 : offset[occupied[i - 1]!]!;
    const gap = offset[occupied[i]!]! - before;
    if (gap <= widest * (1 + 1e-9)) continue;
    start = occupied[i]!;
    widest = gap;
  }
  return start;
};

/** The same from the weighted sum of unit vectors on the sphere. Undefined where they cancel, too. */
export const sphereCentre = ({ latitude, offset }: LatticeAxes): CentreSum => {
  const columns = offset.length;
  const cosine = offset.map((degrees) => Math.cos(degrees * RADIANS));
  const sine = offset.map((degrees) => Math.sin(degrees * RADIANS));
  let [x, y, z, total] = [0, 0, 0, 0];
  return {
    add(row, weights) {
      const flat = Math.cos(latitude[row]! * RADIANS);
      const high = Math.sin(latitude[row]! * RADIANS);
      for (let column = 0; column < columns; column++) {
        const weight = weights[column]!;
        x += weight * flat * cosine[column]!;
        y += weight * flat * sine[column]!;
        z += weight * high;
        total += weight;
      }
    },
    centre() {
      if (Math.hypot(x, y, z) <= 1e-12 * total) return undefined;
      return { latitude: Math.atan2(z, Math.hypot(x, y)) / RADIANS, east: Math.atan2(y, x) / RADIANS };
    },
  };
};
