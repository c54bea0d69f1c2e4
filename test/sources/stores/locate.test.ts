import { describe, expect, it } from "vitest";
import { locate } from "../../../src/sources/stores/locate.ts";

const web = (address: string, environment = {}) => {
  const place = locate(address, environment);
  if (place.kind !== "web") throw new Error("a folder");
  return place;
};
const url = (address: string, environment = {}) => {
  const { origin, path, query } = web(address, environment);
  return `${origin}${path}${query}`;
};

describe("locate", () => {
  it.each([
    ["https://host/a%20b/c.zarr/", "https://host/a%20b/c.zarr"],
    ["http://127.0.0.1:81", "http://127.0.0.1:81"],
    ["gs://weather/a b/c+d.zarr", "https://storage.googleapis.com/weather/a%20b/c%2Bd.zarr"],
    ["gs://weather", "https://storage.googleapis.com/weather"],
    ["s3://bucket/path/x.zarr/", "https://bucket.s3.amazonaws.com/path/x.zarr"],
    ["s3://dotted.bucket/x", "https://s3.amazonaws.com/dotted.bucket/x"],
    ["az://box@account/x.zarr", "https://account.blob.core.windows.net/box/x.zarr"],
    ["abfs://box@account.dfs.core.windows.net/x", "https://account.blob.core.windows.net/box/x"],
  ])("maps %s", (address, expected) => {
    expect(url(address)).toBe(expected);
  });

  it("takes places of buckets from the environment", () => {
    expect(url("az://box/x", { AZURE_STORAGE_ACCOUNT_NAME: "account" })).toBe(
      "https://account.blob.core.windows.net/box/x",
    );
    expect(url("s3://bucket/x", { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:9000/" })).toBe(
      "http://127.0.0.1:9000/bucket/x",
    );
    for (const [host, expected] of [
      ["127.0.0.1:4443", "http://127.0.0.1:4443/weather/x.zarr"],
      ["localhost:4443/", "http://localhost:4443/weather/x.zarr"],
      ["https://stand.in/gcs/", "https://stand.in/gcs/weather/x.zarr"],
      ["", "https://storage.googleapis.com/weather/x.zarr"],
    ]) {
      expect(url("gs://weather/x.zarr", { STORAGE_EMULATOR_HOST: host })).toBe(expected);
      expect(url("gcs://weather/x.zarr", { STORAGE_EMULATOR_HOST: host })).toBe(expected);
    }
    expect(url("s3://bucket/x", { STORAGE_EMULATOR_HOST: "localhost:1" })).toBe(
      "https://bucket.s3.amazonaws.com/x",
    );
  });

  it("takes plain paths and file: as folders", () => {
    expect(locate("data/x.zarr/")).toEqual({
      kind: "folder",
      address: "data/x.zarr",
      path: "data/x.zarr/",
    });
    expect(locate("C:\\data\\x.zarr").kind).toBe("folder");
    expect(locate("file:///data/a%20b")).toMatchObject({ kind: "folder", path: "/data/a b" });
  });

  it("shows no secrets, and tells addresses apart that differ in a query", () => {
    const place = web("https://user:secret@host/x.zarr?sig=abc#part");
    expect(place.address).toBe("https://host/x.zarr");
    expect(place.authorization).toBe(`Basic ${Buffer.from("user:secret").toString("base64")}`);
    expect(place.query).toBe("?sig=abc");
    expect(place.id).not.toContain("abc");
    expect(place.id).not.toBe(web("https://host/x.zarr?sig=abd").id);
    expect(web("https://host/x.zarr").id).toBe("https://host/x.zarr");
    for (const bad of ["ftp://user:secret@host/x?sig=abc", "https://user:secret@:x/?sig=abc"]) {
      expect(() => locate(bad)).toThrow(expect.objectContaining({ tag: "StoreRead" }));
      expect(() => locate(bad)).not.toThrow(/secret|abc/);
    }
  });

  it.each(["ftp://host/x", "az://box/x", "s3:///x", "gs://../x", "file://host/x%ZZ", "https://"])(
    "refuses %s",
    (address) => {
      expect(() => locate(address)).toThrow(expect.objectContaining({ tag: "StoreRead" }));
    },
  );
});
