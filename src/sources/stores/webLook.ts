/**
 * What is there behind a web address, without its bytes. One object is asked for by HEAD; by its first byte where a
 * host refuses that (a signed address is signed for GET). Where many of one array are asked for, a listing is: a bucket's,
 * page by page from one wanted key to the next, or a page of links, which says what is not there. A host that gives
 * neither is not asked for them again. What is refused (403) counts as not there: stores that cannot be listed say so. A listing whose versions are not those of the objects serves for names alone.
 */
import type { Found } from "../../model/watch.ts";
import { parseContentRange } from "./contentRange.ts";
import { type ListingPage, namesOfLinks, parseListing } from "./listing.ts";
import type { WebPlace } from "./locate.ts";
import { type AnswerHeaders, header, type Verdict } from "./request.ts";
import { Transient } from "./retrying.ts";
import type { LookOptions } from "./store.ts";
import { AnswerFault, HttpStatus } from "./storeFault.ts";

/** One request of a path (with query), of whatever errors the store has. */
export type Ask = <T>(
  asked: {
    readonly key: string;
    readonly method: "GET" | "HEAD";
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    judge(status: number, headers: AnswerHeaders): Verdict<T>;
  },
  options: LookOptions,
) => Promise<T>;

/** So many of one folder are worth a listing. */
const many = 16;
/** A page of a listing that decides fewer costs more than asking for them. */
const fewest = 4;
const largestPage = 32 * 1024 * 1024;

type Answer = "refused" | Found | undefined;

export interface WebLook {
  look(keys: readonly string[], options: LookOptions): Promise<ReadonlyMap<string, Found>>;
  names(folder: string, options: LookOptions): Promise<readonly string[] | undefined>;
}

/** @param encoded the path of a key, percent-encoded */
export const webLook = (place: WebPlace, ask: Ask, encoded: (key: string) => string): WebLook => {
  let headWorks = place.query === "";
  let listingWorks = place.bucket !== undefined;
  let linksWork = true;
  /** Whether a listing's versions are those of the objects; undefined: not known yet. */
  let agrees: boolean | undefined;
  const { bucket = "" } = place;
  const prefix = decodeURIComponent(place.path.slice(bucket.length + 1));
  const below = prefix === "" ? "" : `${prefix}/`;

  const one = async (key: string, options: LookOptions): Promise<Found | undefined> => {
    const known = options.known?.get(key);
    const path = `${place.path}/${encoded(key)}${place.query}`;
    const askAs = (method: "GET" | "HEAD") => {
      const range = method === "GET" ? { range: "bytes=0-0" } : {};
      const headers = { "accept-encoding": "identity", ...range, ...conditionOf(known) };
      const judge = (status: number, got: AnswerHeaders): Verdict<Answer> => ({
        drop: foundOf(status, got, known, method),
      });
      return ask<Answer>({ key, method, path, headers, judge }, options);
    };
    const answer = headWorks ? await askAs("HEAD") : "refused";
    if (answer !== "refused") return answer;
    headWorks = false;
    const got = await askAs("GET");
    return got === "refused" ? undefined : got;
  };

  /** Undefined: the host gives no such text. */
  const text = (path: string, options: LookOptions): Promise<string | undefined> =>
    ask<string | undefined>(
      {
        key: ".",
        method: "GET",
        path,
        headers: { "accept-encoding": "identity" },
        judge(status) {
          if (status !== 200) return { drop: passing(status, undefined) };
          return { length: undefined, most: largestPage, give: (bytes) => new TextDecoder().decode(bytes) };
        },
      },
      options,
    );

  const page = async (
    query: Record<string, string>,
    options: LookOptions,
  ): Promise<ListingPage | undefined> => {
    const asked = new URLSearchParams({ "list-type": "2", ...query });
    const signed = place.query === "" ? "" : `&${place.query.slice(1)}`;
    const found = listingWorks ? await text(`${bucket}/?${asked}${signed}`, options) : undefined;
    const parsed = found === undefined ? undefined : parseListing(found);
    if (parsed === undefined) listingWorks = false;
    return parsed;
  };

  const links = async (folder: string, options: LookOptions): Promise<readonly string[] | undefined> => {
    if (!linksWork || place.query !== "") return undefined;
    const path = `${place.path}/${folder === "" ? "" : `${encoded(folder)}/`}`;
    const found = await text(path, options);
    const names = found === undefined ? undefined : namesOfLinks(found, new URL(`${place.origin}${path}`));
    if (names === undefined) linksWork = false;
    return names;
  };

  /** Of wanted keys in order, those there; `left`: those that a listing is not worth it for. */
  const listed = async (keys: readonly string[], options: LookOptions) => {
    const found = new Map<string, Found>();
    const common = below + commonPrefix(keys[0]!, keys.at(-1)!);
    let at = 0;
    while (at < keys.length) {
      // Just before the next key that is wanted: its name but for the last letter.
      const got = await page({ prefix: common, "start-after": (below + keys[at]!).slice(0, -1) }, options);
      if (got === undefined) break;
      const last = [...got.objects.keys()].at(-1) ?? "";
      const before = at;
      while (at < keys.length && (got.next === undefined || below + keys[at]! <= last)) {
        const key = keys[at++]!;
        const object = got.objects.get(below + key);
        if (object !== undefined) found.set(key, object);
      }
      if (at - before < fewest) break;
    }
    return { found, left: keys.slice(at) };
  };

  const ofArray = async (keys: readonly string[], options: LookOptions) => {
    const all = new Map<string, Found>();
    let wanted: readonly string[] = [...keys].sort();
    if (wanted.length >= many && listingWorks) {
      const { found, left } = await listed(wanted, options);
      const sample = [...found.keys()][0];
      if (agrees === undefined && sample !== undefined) {
        agrees = (await one(sample, options))?.version === found.get(sample)!.version;
      }
      wanted = agrees === false ? [...found.keys(), ...left] : left;
      for (const [key, object] of found) all.set(key, object);
    } else if (wanted.length >= many) {
      const folders = grouped(wanted, folderOf);
      const there: string[] = [];
      for (const [folder, inside] of folders) {
        const names = inside.length < many ? undefined : await links(folder, options);
        const set = names && new Set(names.map((name) => `${folder}/${name}`));
        there.push(...(set === undefined ? inside : inside.filter((key) => set.has(key))));
      }
      wanted = there;
    }
    const found = await Promise.all(wanted.map((key) => one(key, options)));
    for (const [i, object] of found.entries()) if (object !== undefined) all.set(wanted[i]!, object);
    return all;
  };

  return {
    async look(keys, options) {
      const arrays = grouped([...new Set(keys)], (key) => key.split("/", 1)[0]!);
      const all = await Promise.all([...arrays.values()].map((some) => ofArray(some, options)));
      return new Map(all.flatMap((some) => [...some]));
    },
    async names(folder, options) {
      const inside = below + (folder === "" ? "" : `${folder}/`);
      const names = new Set<string>();
      let from: Record<string, string> = {};
      for (;;) {
        const got = await page({ prefix: inside, delimiter: "/", ...from }, options);
        if (got === undefined) break;
        for (const name of [...got.objects.keys(), ...got.folders]) {
          const rest = name.slice(inside.length).replace(/\/$/, "");
          if (rest !== "") names.add(rest);
        }
        if (got.next === undefined) return [...names].sort();
        from = { "continuation-token": got.next };
      }
      return links(folder, options);
    },
  };
};

const folderOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf("/")));

const commonPrefix = (first: string, last: string): string => {
  let length = 0;
  while (length < first.length && first[length] === last[length]) length += 1;
  return first.slice(0, length);
};

/** Only what was said of the object can be asked for again: its ETag, or the date before the length. */
const conditionOf = (known: string | undefined): Record<string, string> => {
  if (known === undefined) return {};
  if (known.startsWith('"') || known.startsWith("W/")) return { "if-none-match": known };
  const date = known.slice(0, known.lastIndexOf(":"));
  return Number.isNaN(Date.parse(date)) ? {} : { "if-modified-since": date };
};

/** A status that may pass is an error; any other gives `value`. */
const passing = <T>(status: number, value: T): T => {
  if (status !== 408 && status !== 429 && status < 500) return value;
  throw new Transient(`HTTP status ${status} found, 200 expected`, new HttpStatus(status));
};

const foundOf = (
  status: number,
  headers: AnswerHeaders,
  known: string | undefined,
  method: "GET" | "HEAD",
): Answer => {
  const etag = header(headers, "etag");
  const dated = header(headers, "last-modified");
  if (status === 304 && known !== undefined) return { version: known };
  if (status === 404) return undefined;
  const range = parseContentRange(header(headers, "content-range"));
  const empty = /^bytes \*\/0$/.test(header(headers, "content-range") ?? "");
  if (status === 200 || status === 206 || (status === 416 && empty)) {
    const length = status === 200 ? header(headers, "content-length") : empty ? 0 : range?.total;
    if (etag === undefined && length === undefined && method === "HEAD") return "refused";
    return { version: etag ?? `${dated ?? "undated"}:${length}` };
  }
  if (status === 403) return undefined;
  if (method === "HEAD" && (status === 405 || status === 501)) return "refused";
  passing(status, undefined);
  throw new AnswerFault(`HTTP status ${status}`, "200", new HttpStatus(status));
};

const grouped = (keys: readonly string[], by: (key: string) => string): Map<string, string[]> => {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const group = groups.get(by(key));
    if (group === undefined) groups.set(by(key), [key]);
    else group.push(key);
  }
  return groups;
};
