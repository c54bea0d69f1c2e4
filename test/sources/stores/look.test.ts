import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { steadyClock } from "../../../src/sources/stores/clock.ts";
import { folderLook } from "../../../src/sources/stores/folderLook.ts";
import { hosts } from "../../../src/sources/stores/hosts.ts";
import { namesOfLinks, parseListing } from "../../../src/sources/stores/listing.ts";
import { openStore, type StoreOptions } from "../../../src/sources/stores/openStore.ts";
import type { Store } from "../../../src/sources/stores/store.ts";
import { type Bucket, serveBucket } from "./bucket.ts";

let folder: string;
let bucket: Bucket;
const open: Store[] = [];
const put = async (key: string, text: string) => {
  await mkdir(dirname(join(folder, key)), { recursive: true });
  await writeFile(join(folder, key), text);
};
const store = async (address: string, options: StoreOptions = {}) => {
  const clock = { ...steadyClock, wait: async () => undefined };
  const made = await openStore(address, { clock, ...options });
  open.push(made);
  return made;
};
/** Through the mapping of buckets, so that it may be listed. */
const web = (environment = { AWS_ENDPOINT_URL_S3: bucket.url }) =>
  store("s3://bucket/a.zarr", { environment });
const plain = () => store(`${bucket.url}/bucket/a.zarr`);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ewb-look-"));
  bucket = await serveBucket(folder);
  await put("a.zarr/.zgroup", "{}");
  for (let i = 0; i < 24; i++) await put(`a.zarr/t/${i}.0`, "x".repeat(i + 1));
  await put("a.zarr/u/c/0/0", "some");
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  await bucket[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Versions as reading gives them. */
const versionsRead = async (one: Store, keys: readonly string[]) => {
  const all = await Promise.all(keys.map(async (key) => [key, (await one.get(key))?.version] as const));
  return new Map(all.filter(([, version]) => version !== undefined));
};
const versionsSeen = async (one: Store, keys: readonly string[], known?: ReadonlyMap<string, string>) => {
  const found = await one.look!(keys, known ? { known } : {});
  return new Map([...found].map(([key, { version }]) => [key, version]));
};
const few = ["t/3.0", "t/99.0", "u/c/0/0", "u", "nothing/at/all", ".zgroup"];
const many = [...Array.from({ length: 34 }, (_, i) => `t/${i}.0`), "u/c/0/0"];

describe("a look tells the versions that reading gives", () => {
  const ways: [string, Partial<Bucket["ways"]>, () => Promise<Store>][] = [
    ["in a folder", {}, () => store(join(folder, "a.zarr"))],
    ["over the web", {}, plain],
    ["with dates for versions", { etags: "none" }, plain],
    ["where HEAD is refused", { head: false }, plain],
    ["with dates, and HEAD refused", { head: false, etags: "none" }, plain],
    ["by the listing of a bucket", { listing: "bucket" }, web],
    ["by a bucket that refuses to be listed", {}, web],
    ["by a listing with pages", { listing: "bucket", page: 7 }, web],
    ["by a listing with tiny pages", { listing: "bucket", page: 2 }, web],
    ["by a listing with other versions", { listing: "bucket", etags: "others in listings" }, web],
    ["by pages of links", { listing: "links" }, plain],
  ];
  it.each(ways)("%s", async (_, how, make) => {
    Object.assign(bucket.ways, how);
    for (const keys of [few, many]) {
      const one = await make();
      const read = await versionsRead(await make(), keys);
      expect(await versionsSeen(one, keys)).toEqual(read);
      // What is known is asked with a condition, and the answer is the same.
      expect(await versionsSeen(one, keys, read as ReadonlyMap<string, string>)).toEqual(read);
    }
    expect(bucket.asked.every((path) => !path.includes(".."))).toBe(true);
  });
});

describe("looks are few and small", () => {
  it("one listing for many", async () => {
    bucket.ways.listing = "bucket";
    const one = await web();
    await one.look!(many);
    // Of t a listing and one object to compare it with; u has but one.
    expect(bucket.methods.map((line) => line.split("?")[0]).sort()).toEqual([
      "GET /bucket/",
      "HEAD /bucket/a.zarr/t/0.0",
      "HEAD /bucket/a.zarr/u/c/0/0",
    ]);
    await one.look!(many);
    expect(bucket.methods.length).toBe(5);
  });

  it("goes from one wanted key to the next", async () => {
    bucket.ways.listing = "bucket";
    bucket.ways.page = 50;
    for (let i = 1000; i < 2000; i += 5) await put(`a.zarr/v/${i}`, "v");
    const ends = [1000, 1900].flatMap((from) => Array.from({ length: 20 }, (_, i) => `v/${from + 5 * i}`));
    expect((await (await web()).look!(ends)).size).toBe(40);
    const listings = bucket.methods.filter((line) => line.includes("list-type"));
    expect(listings.length).toBe(2);
    expect(listings[1]).toContain("start-after");
  });

  it("a listing that brings little is given up, and what a host refuses is not asked for again", async () => {
    const listings = () => bucket.methods.filter((line) => line.includes("list-type")).length;
    bucket.ways.listing = "bucket";
    bucket.ways.page = 2;
    await (await web()).look!(many);
    expect(listings()).toBe(1);
    bucket.ways.listing = "none";
    const refused = await web();
    await refused.look!(many);
    await refused.look!(many);
    expect(listings()).toBe(2);
    bucket.ways.head = false;
    const one = await plain();
    await one.look!(["t/1.0"]);
    const before = bucket.methods.length;
    await one.look!(["t/1.0", "t/2.0"]);
    expect(bucket.methods.slice(before).map((line) => line.slice(0, 4))).toEqual(["GET ", "GET "]);
  });

  it("in a folder: a listing for very many, or where looking up is slow", async () => {
    const path = join(folder, "a.zarr");
    const keys = (count: number) => Array.from({ length: count }, (_, i) => `t/${i}.0`);
    const look = async (wanted: readonly string[], now: () => number) => {
      const [listed, asked] = [[] as string[], { requests: 0 }];
      const list = async (one: string) => {
        listed.push(one);
        return readdir(join(path, one)).catch(() => []);
      };
      const count = (_: number, requests: number) => {
        asked.requests += requests;
      };
      const found = await folderLook("a", path, wanted, list, { count }, now);
      return { found: [...found.keys()], listed, ...asked };
    };
    let time = 0;
    const slow = () => {
      time += 1000;
      return time;
    };
    expect(await look(keys(500), () => 0)).toMatchObject({ found: keys(24), listed: [], requests: 500 });
    expect(await look(keys(3000), () => 0)).toMatchObject({ found: keys(24), listed: ["t"], requests: 24 });
    const first = Array.from({ length: 256 }, (_, i) => `none/${i}`);
    const slowly = await look([...first, ...keys(30), "u/c/0/0", "u/c"], slow);
    expect(slowly).toEqual({ found: [...keys(24), "u/c/0/0"], listed: ["t"], requests: 256 + 24 + 2 });
  });

  it("a page of links for what is not there", async () => {
    bucket.ways.listing = "links";
    const absent = Array.from({ length: 50 }, (_, i) => `t/${i + 100}.0`);
    expect((await (await plain()).look!(absent)).size).toBe(0);
    expect(bucket.methods).toEqual(["GET /bucket/a.zarr/t/"]);
  });

  it("no body for what is as it was", async () => {
    const one = await plain();
    const known = await versionsSeen(one, ["t/3.0"]);
    let sent = 0;
    const { answer } = bucket;
    bucket.answer = (request, response) => {
      response.on("finish", () => {
        sent = response.statusCode;
      });
      answer(request, response);
    };
    await versionsSeen(one, ["t/3.0"], known);
    expect(sent).toBe(304);
    await put("a.zarr/t/3.0", "another");
    expect((await versionsSeen(one, ["t/3.0"], known)).get("t/3.0")).not.toBe(known.get("t/3.0"));
  });
});

describe("what cannot be told", () => {
  it("is not there where it is refused (403)", async () => {
    bucket.ways.refuse = (key) => (key.endsWith("/3.0") ? 403 : undefined);
    expect([...(await (await plain()).look!(["t/2.0", "t/3.0"])).keys()]).toEqual(["t/2.0"]);
  });

  it("is an error that says that the host asked for less, and for how long", async () => {
    bucket.ways.refuse = () => 429;
    bucket.ways.retryAfter = "20";
    const shared = hosts({ clock: { ...steadyClock, wait: async () => undefined } });
    const one = await store(`${bucket.url}/bucket/a.zarr`, { hosts: shared });
    expect(shared.slowed).toEqual({ times: 0, wait: 0 });
    const error = await one.look!(["t/2.0"]).catch((e) => e);
    expect(error).toMatchObject({ tag: "StoreRead", cause: { status: 429 } });
    expect(error.message).toMatch(/t\/2\.0: HTTP status 429 found, 200 expected; 2 requests made/);
    expect(shared.slowed).toEqual({ times: 2, wait: 20_000 });
    await shared.close();
  });

  it("is an error where a host knows neither version nor absence", async () => {
    bucket.ways.refuse = () => 401;
    await expect((await plain()).look!(["t/2.0"])).rejects.toMatchObject({ tag: "StoreRead" });
    bucket.ways.refuse = () => 500;
    await expect((await plain()).look!(["t/2.0"])).rejects.toThrow(/500/);
  });

  it("keys that leave the store are refused", async () => {
    for (const one of [await plain(), await store(join(folder, "a.zarr"))]) {
      await expect(one.look!(["../b"])).rejects.toMatchObject({ tag: "StoreRead" });
    }
  });
});

describe("names in a folder", () => {
  const top = () => store("s3://bucket", { environment: { AWS_ENDPOINT_URL_S3: bucket.url } });
  const ways: [string, Partial<Bucket["ways"]>, () => Promise<Store>][] = [
    ["a folder", {}, () => store(folder)],
    ["a bucket", { listing: "bucket" }, top],
    ["a bucket with pages", { listing: "bucket", page: 2 }, top],
    ["a page of links", { listing: "links" }, () => store(`${bucket.url}/bucket`)],
  ];
  it.each(ways)("%s", async (_, how, make) => {
    Object.assign(bucket.ways, how);
    await put("b c&d.zarr/x", "x");
    await put("top.txt", "x");
    const one = await make();
    expect(await one.names!("")).toEqual(["a.zarr", "b c&d.zarr", "top.txt"]);
    expect(await one.names!("a.zarr")).toEqual([".zgroup", "t", "u"]);
  });

  it("a host that gives no listing is asked once", async () => {
    const one = await plain();
    expect(await one.names!("")).toBeUndefined();
    expect(await one.names!("")).toBeUndefined();
    expect(bucket.methods.length).toBe(1);
  });
});

describe("listings", () => {
  it("are read with their entities, and only where they are listings", () => {
    const xml =
      "<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>a&#x26;b</NextContinuationToken>" +
      "<Contents><Key>x&amp;y&#39;</Key><ETag>abc</ETag><Size>7</Size></Contents><Contents><Key>z</Key></Contents>" +
      "</ListBucketResult>";
    expect(parseListing(xml)).toEqual({
      objects: new Map([["x&y'", { version: '"abc"' }]]),
      folders: [],
      next: "a&b",
    });
    expect(parseListing("<Error><Code>AccessDenied</Code></Error>")).toBeUndefined();
  });

  it("links lead right below the folder, and nowhere else", () => {
    const html = `<a href="x/">x</a> <a href=y%20z>y</a> <a href='/a/b/w'>w</a> <a href="deep/er">d</a> <a href="/other">o</a>
      <a href="//elsewhere/a/b/v">v</a> <a href="%E0%A4%A">bad</a> <a href="?sort">s</a>`;
    expect(namesOfLinks(html, new URL("http://h/a/b/"))).toEqual(["w", "x", "y z"]);
    expect(namesOfLinks("nothing here", new URL("http://h/a/"))).toBeUndefined();
  });
});
