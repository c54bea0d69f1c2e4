/**
 * How the units of one case are shared between workers. A *site* is one `score` of one set of pairs; its refs are
 * numbered as they come. A worker that has nothing to do is given the later half of the refs of one that has; what it
 * finds (`PartTally`: states, counts, no bytes) goes back to where the rows are made. Since states merge to the same
 * whatever the cut, it does not matter who did which.
 */
export interface Sharing {
  /** Refs of a site that are to be done here, `to` not included; undefined: none. */
  range(site: string): RefRange | undefined;
  /** Offers to give refs of a site away until what it returns is called. */
  offer(site: string, give: Give): () => void;
  /** What others found of the refs that were given away: when all is there. Rejects where one of them failed. */
  parts(site: string): Promise<readonly Part[]>;
  /** Set where rows are made elsewhere: takes what was found here. */
  readonly deliver: ((site: string, part: Part) => void) | undefined;
}

export interface RefRange {
  readonly from: number;
  readonly to: number;
}

/** Gives the later part of what is not begun away and returns it; undefined: there is too little to share. */
export type Give = () => RefRange | undefined;

/** What was found of some refs of a site. Plain data. */
export interface Part {
  /** Which targets and refs the site has there: another text than here, and its numbers mean other refs. */
  readonly names: string;
  readonly tallies: readonly PartTally[];
  /** Not all refs were done: the run was told to end. */
  readonly cut: boolean;
}

/** Times of a unit of which something may still come. */
export interface OpenUnit {
  readonly initTime: number;
  readonly leadHours: number;
  readonly validTime: number;
}

/** Such units of one target, and how many wait for what, or count provisionally. */
export interface OpenUnits {
  readonly counts: { readonly forecast: number; readonly target: number; readonly provisional: number };
  readonly units: readonly OpenUnit[];
  /** Newest init of a unit that counts, milliseconds UTC. */
  readonly newest: number | null;
}

/** States of one target, one a metric, and what went wrong. */
export interface PartTally {
  readonly target: string;
  readonly states: readonly unknown[];
  readonly seen: number;
  readonly failed: number;
  readonly absent: { readonly forecast: number; readonly target: number };
  /** Where inputs still arrive. */
  readonly open?: OpenUnits;
  /** Sums of hashes of the versions that each unit read. */
  readonly versions: { readonly forecast: string; readonly target: string };
}
