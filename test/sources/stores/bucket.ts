/** A folder behind HTTP as tests need it: ETags, conditions, HEAD, and listings as a bucket or a web server gives them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join, sep } from "node:path";
import { giveBytes, serve, type TestServer } from "./server.ts";

export interface Bucket extends TestServer {
  /** `HEAD /key`, in turn. */
  readonly methods: string[];
  /** What it can and what it does not. */
  readonly ways: {
    listing: "bucket" | "links" | "none";
    /** Keys a page. */
    page: number;
    etags: "objects" | "others in listings" | "none";
    head: boolean;
    /** Answers instead, if it gives a status. */
    refuse?: (key: string) => number | undefined;
    retryAfter?: string;
  };
}

const filesOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((path) => statSync(join(folder, path)).isFile())
        .map((path) => path.split(sep).join("/"))
        .sort()
    : [];

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

/** @param folder served as `/bucket/…` */
export const serveBucket = async (folder: string): Promise<Bucket> => {
  const ways: Bucket["ways"] = { listing: "none", page: 1000, etags: "objects", head: true };
  const methods: string[] = [];
  const tagOf = (path: string) => {
    const { size, mtimeMs } = statSync(path);
    return `"${size.toString(16)}-${mtimeMs}"`;
  };
  const list = (query: URLSearchParams): string => {
    const prefix = query.get("prefix") ?? "";
    const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
    const delimiter = query.get("delimiter");
    const keys = filesOf(folder).filter((key) => key.startsWith(prefix) && key > after);
    const folders = new Set<string>();
    const contents: string[] = [];
    let last = "";
    let isCut = false;
    for (const key of keys) {
      if (contents.length + folders.size >= ways.page) {
        isCut = true;
        break;
      }
      last = key;
      const end = delimiter === null ? -1 : key.indexOf(delimiter, prefix.length);
      if (end >= 0) folders.add(key.slice(0, end + 1));
      else contents.push(key);
    }
    const objects = contents.map((key) => {
      const path = join(folder, key);
      const tag = ways.etags === "others in listings" ? '"other"' : tagOf(path);
      const { size, mtime } = statSync(path);
      return (
        `<Contents><Key>${escaped(key)}</Key><LastModified>${mtime.toISOString()}</LastModified>` +
        `<ETag>${escaped(tag)}</ETag><Size>${size}</Size></Contents>`
      );
    });
    const token = isCut ? `<NextContinuationToken>${escaped(last)}</NextContinuationToken>` : "";
    const prefixes = [...folders].map(
      (one) => `<CommonPrefixes><Prefix>${escaped(one)}</Prefix></CommonPrefixes>`,
    );
    return (
      `<?xml version="1.0"?><ListBucketResult xmlns="x"><IsTruncated>${isCut}</IsTruncated>${token}` +
      `${objects.join("")}${prefixes.join("")}</ListBucketResult>`
    );
  };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    methods.push(`${request.method} ${request.url}`);
    const { pathname, searchParams } = new URL(request.url!, "http://x");
    const key = decodeURIComponent(pathname).replace(/^\/bucket\//, "");
    const refused = ways.refuse?.(key);
    if (refused !== undefined) {
      const headers = ways.retryAfter === undefined ? {} : { "retry-after": ways.retryAfter };
      return response.writeHead(refused, headers).end();
    }
    if (searchParams.get("list-type") === "2") {
      return ways.listing === "bucket" ? response.end(list(searchParams)) : response.writeHead(403).end();
    }
    const path = join(folder, key);
    if (existsSync(path) && statSync(path).isDirectory() && ways.listing === "links") {
      const names = readdirSync(path).map((name) =>
        statSync(join(path, name)).isDirectory() ? `${name}/` : name,
      );
      const links = ["../", "?C=M", "https://elsewhere/x", ...names.map(encodeURI)];
      return response.end(
        `<html><body>${links.map((link) => `<A class=x HREF="${link}">l</A>`).join("<br>")}</html>`,
      );
    }
    if (!existsSync(path) || statSync(path).isDirectory()) return response.writeHead(404).end();
    if (request.method === "HEAD" && !ways.head) return response.writeHead(405).end();
    const { mtime, size } = statSync(path);
    response.setHeader("last-modified", mtime.toUTCString());
    if (ways.etags === "none") {
      const since = request.headers["if-modified-since"];
      if (since !== undefined && Date.parse(since) >= Math.floor(mtime.getTime() / 1000) * 1000) {
        return response.writeHead(304).end();
      }
      const range = /^bytes=0-0$/.exec(request.headers.range ?? "");
      const bytes = readFileSync(path);
      if (range) {
        response.writeHead(206, { "content-range": `bytes 0-0/${size}`, "content-length": 1 });
        return response.end(bytes.subarray(0, 1));
      }
      return response.writeHead(200, { "content-length": size }).end(bytes);
    }
    const tag = tagOf(path);
    if (request.headers["if-none-match"] === tag) return response.writeHead(304, { etag: tag }).end();
    return giveBytes(readFileSync(path), tag)(request, response);
  };
  const server = await serve(answer);
  return Object.assign(server, { methods, ways });
};
