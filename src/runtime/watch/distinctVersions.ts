import type { RowVersion } from "../../model/ledger.ts";

/** What a version of a row says, but for when. */
export type SaidVersion = Omit<RowVersion, "at">;

/**
 * Versions in order without repeats: one is recorded before its table is replaced, so after a kill or a full disk it is
 * there again, or still is what the row says `now`. Of equal ones the last is meant.
 */
export const distinctVersions = (
  versions: readonly RowVersion[],
  now: SaidVersion | undefined,
): readonly RowVersion[] =>
  versions.filter((version, i) => {
    const next = versions[i + 1] ?? now;
    return next === undefined || !isSame(version, next);
  });

const isSame = (a: SaidVersion, b: SaidVersion): boolean =>
  Object.is(a.value, b.value) &&
  a.n === b.n &&
  a.status === b.status &&
  a.forecastVersion === b.forecastVersion &&
  a.targetVersion === b.targetVersion;
