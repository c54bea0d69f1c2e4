/**
 * What hosts say when they are asked for the names in a folder: Amazon's listing of a bucket (`list-type=2`, which
 * Google's and most other servers give too), or a page of links. Text of other people: what is not understood is left out.
 */
import type { Found } from "../../model/watch.ts";

/** One page of a bucket's listing. */
export interface ListingPage {
  /** Key -> what is said of it, in the order of the listing. */
  readonly objects: ReadonlyMap<string, Found>;
  /** Folders, with a slash at their end. */
  readonly folders: readonly string[];
  /** Asks for the next page; undefined: there is none. */
  readonly next: string | undefined;
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

const plain = (text: string): string =>
  text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return entities[name] ?? whole;
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const element = (text: string, name: string): string | undefined => {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return found === undefined ? undefined : plain(found);
};

/** Undefined: it is no listing. */
export const parseListing = (xml: string): ListingPage | undefined => {
  if (!/<ListBucketResult[\s>]/.test(xml)) return undefined;
  const objects = new Map<string, Found>();
  for (const [, body = ""] of xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
    const key = element(body, "Key");
    const etag = element(body, "ETag");
    const size = element(body, "Size");
    if (key === undefined || etag === undefined || size === undefined) continue;
    const version = etag.startsWith('"') || etag.startsWith("W/") ? etag : `"${etag}"`;
    objects.set(key, { version });
  }
  const prefixes = [...xml.matchAll(/<CommonPrefixes>\s*<Prefix>([^<]*)<\/Prefix>/g)];
  const isCut = element(xml, "IsTruncated") === "true";
  const next = isCut ? element(xml, "NextContinuationToken") : undefined;
  return { objects, folders: prefixes.map(([, prefix = ""]) => plain(prefix)), next };
};

/** Names right below the folder a page of links is of. Undefined: it is no such page. */
export const namesOfLinks = (html: string, folder: URL): readonly string[] | undefined => {
  if (!/<a\s/i.test(html)) return undefined;
  const names = new Set<string>();
  for (const [, quoted, single, bare] of html.matchAll(
    /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/gi,
  )) {
    const link = plain(quoted ?? single ?? bare ?? "");
    if (!URL.canParse(link, folder.href)) continue;
    const { origin, pathname } = new URL(link, folder.href);
    if (origin !== folder.origin || !pathname.startsWith(folder.pathname)) continue;
    try {
      const name = decodeURIComponent(pathname.slice(folder.pathname.length).replace(/\/$/, ""));
      if (name !== "" && !name.includes("/")) names.add(name);
    } catch {
      // No name that was encoded as names are.
    }
  }
  return [...names].sort();
};
