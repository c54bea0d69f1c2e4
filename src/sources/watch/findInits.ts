import { DAY } from "../../kernels/time.ts";
import { EwbError, isEwbError } from "../../model/errors.ts";
import { type InitParts, type InitPattern, initOf } from "./initPattern.ts";

/** A store of one init, by its address. */
export interface InitStore {
  readonly init: number;
  readonly address: string;
}

/** Names right below a folder; undefined: it cannot be listed. */
export type ListFolder = (address: string) => Promise<readonly string[] | undefined>;

/** Inits that are wanted, milliseconds UTC, both ends included. */
export interface InitRange {
  readonly from?: number;
  readonly to?: number;
}

/** So many folders are listed at once. */
const atOnce = 8;

/** The stores a pattern has, by init, then address. Folders of which no init can be wanted are not listed. */
export const findInits = async (
  { base, names, query }: InitPattern,
  list: ListFolder,
  { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY }: InitRange = {},
): Promise<readonly InitStore[]> => {
  let found: readonly { readonly folder: string; readonly parts: InitParts }[] = [
    { folder: base, parts: {} },
  ];
  for (const name of names) {
    const next: { folder: string; parts: InitParts }[] = [];
    for (let at = 0; at < found.length; at += atOnce) {
      const some = found.slice(at, at + atOnce).filter(({ parts }) => mayBeWanted(parts, from, to));
      const below = await Promise.all(
        some.map(({ folder }) => namesIn(folder, query, name, list, folder === base)),
      );
      for (const [i, { folder, parts }] of some.entries()) {
        for (const one of below[i]!) {
          const groups = typeof name === "string" ? {} : name.exec(one)?.groups;
          if (typeof name !== "string" && !name.test(one)) continue;
          next.push({
            folder: folder === "/" ? `/${one}` : `${folder}/${one}`,
            parts: { ...parts, ...groups },
          });
        }
      }
    }
    found = next;
  }
  return found
    .map(({ folder, parts }) => ({ init: initOf(parts), address: `${folder}${query}` }))
    .filter((one): one is InitStore => one.init !== undefined && one.init >= from && one.init <= to)
    .sort((a, b) => a.init - b.init || (a.address < b.address ? -1 : 1));
};

const namesIn = async (
  folder: string,
  query: string,
  name: string | RegExp,
  list: ListFolder,
  isBase: boolean,
): Promise<readonly string[]> => {
  if (typeof name === "string") return [name];
  const names = await list(`${folder}${query}`).catch((error: unknown) => {
    // A folder below that is not there (yet) has nothing; what a host says it refuses is another matter.
    if (!isBase && isEwbError(error, "StoreRead") && error.cause === undefined) return undefined;
    throw error;
  });
  if (names !== undefined || !isBase) return names ?? [];
  throw new EwbError(
    "StoreRead",
    `${folder}: no listing found, one expected: a bucket's, or a page of links; inits are found by the names there are`,
    { source: folder },
  );
};

/** Whether a day, as far as it is known, may be of the range. */
const mayBeWanted = ({ yyyy, MM, dd }: InitParts, from: number, to: number): boolean => {
  if (yyyy === undefined) return true;
  const first = Date.parse(`${yyyy}-${MM ?? "01"}-${(MM && dd) ?? "01"}T00:00Z`);
  const last = Date.parse(`${yyyy}-${MM ?? "12"}-${(MM && dd) ?? "28"}T00:00Z`) + (MM && dd ? 1 : 4) * DAY;
  return Number.isNaN(first) || (first <= to && last >= from);
};
