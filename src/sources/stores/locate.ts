import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { EwbError } from "../../model/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where an address leads. */
export type Place = FolderPlace | WebPlace;

export interface FolderPlace {
  readonly kind: "folder";
  readonly address: string;
  readonly path: string;
}

export interface WebPlace {
  readonly kind: "web";
  readonly address: string;
  readonly id: string;
  readonly origin: string;
  /** Path below which the keys lie, percent-encoded, without a slash at its end. */
  readonly path: string;
  /** Path of the bucket it lies in, where that can be listed as Amazon's are (`list-type=2`). */
  readonly bucket?: string;
  /** Query that goes with every request (`?…` or nothing): a signature, say. */
  readonly query: string;
  readonly authorization?: string;
}

/**
 * A user's address: a folder (plain path or `file://`), `http(s)://`, or a bucket, which is mapped to HTTPS and read
 * without credentials: `gs://bucket/path`, `s3://bucket/path`, `az://container@account/path` (and `abfs://`; the
 * account may also come from AZURE_STORAGE_ACCOUNT_NAME, an S3-compatible server from AWS_ENDPOINT_URL_S3, a server
 * that stands in for Google's from STORAGE_EMULATOR_HOST, as `localhost:4443` or with its scheme).
 * Throws `StoreRead` for any other.
 *
 * @example locate("gs://weatherbench2/datasets", {}).origin // "https://storage.googleapis.com"
 */
export function locate(text: string, environment: Environment = {}): Place {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "folder", address: trimmed(text), path: text };
  const address = shown(text);
  if (scheme === "http" || scheme === "https") return web(address, text);
  if (scheme === "file") return { kind: "folder", address, path: filePath(text, address) };
  const [, bucket = "", rest = ""] = /^[^/]+:\/\/([^/]*)\/?(.*)$/s.exec(text.replace(/[?#].*$/s, "")) ?? [];
  const path = rest.split("/").filter(Boolean).map(encodeURIComponent).join("/");
  const query = /\?[^#]*/.exec(text)?.[0] ?? "";
  const base = bucketAddress(scheme, bucket, environment);
  if (base !== undefined) {
    const place = web(address, `${base}/${path}${query}`);
    const isListed = scheme === "s3" || scheme === "gs" || scheme === "gcs";
    return isListed ? { ...place, bucket: new URL(base).pathname.replace(/\/+$/, "") } : place;
  }
  throw new EwbError(
    "StoreRead",
    `${address}: found, expected a folder, https://…, gs://bucket/path, s3://bucket/path or az://container@account/path`,
    { source: address },
  );
}

/** The address without what is secret: user, password, query, fragment. */
export function shown(text: string): string {
  const bare = text.replace(/[?#].*$/s, "");
  // An Azure container stands before the @ and is no secret.
  return trimmed(/^(az|abfss?):/i.test(bare) ? bare : bare.replace(/^([^/]+:\/\/)[^/]*@/, "$1"));
}

const trimmed = (text: string) => (text.length > 1 ? text.replace(/(?<=[^/])\/+$/, "") : text);

function filePath(text: string, address: string): string {
  try {
    return fileURLToPath(text);
  } catch {
    throw new EwbError("StoreRead", `${address}: found, file:///path expected`, { source: address });
  }
}

function web(address: string, text: string): WebPlace {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new EwbError("StoreRead", `${address}: found, an address like https://host/path expected`, {
      source: address,
    });
  }
  const { username, password, origin, search } = url;
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    kind: "web",
    address,
    id:
      search === ""
        ? address
        : `${address}?${createHash("sha256").update(search).digest("hex").slice(0, 12)}`,
    origin,
    path: url.pathname.replace(/\/+$/, ""),
    ...bucketOf(url),
    query: search,
    ...(username === "" ? {} : { authorization: `Basic ${Buffer.from(user).toString("base64")}` }),
  };
}

/** A bucket by its web address: in the name of the host, or first in the path. */
function bucketOf({ hostname, pathname }: URL): { readonly bucket?: string } {
  if (/^.+\.s3[.-]([a-z0-9-]+\.)?amazonaws\.com$/.test(hostname)) return { bucket: "" };
  const isFirst =
    /^s3[.-]([a-z0-9-]+\.)?amazonaws\.com$/.test(hostname) || hostname === "storage.googleapis.com";
  const first = pathname.split("/")[1];
  return isFirst && first ? { bucket: `/${first}` } : {};
}

function bucketAddress(scheme: string, bucket: string, environment: Environment): string | undefined {
  const [container, account] = bucket.split("@");
  if (!/^[a-zA-Z0-9][\w.-]*$/.test(container ?? "")) return undefined;
  switch (scheme) {
    case "gs":
    case "gcs": {
      const own = environment.STORAGE_EMULATOR_HOST;
      if (!own) return `https://storage.googleapis.com/${bucket}`;
      const base = /^https?:\/\//i.test(own) ? own : `http://${own}`;
      return `${base.replace(/\/+$/, "")}/${bucket}`;
    }
    case "s3": {
      const own = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
      if (own !== undefined) return `${own.replace(/\/+$/, "")}/${bucket}`;
      // A certificate for *.s3.amazonaws.com does not cover names with dots.
      return bucket.includes(".")
        ? `https://s3.amazonaws.com/${bucket}`
        : `https://${bucket}.s3.amazonaws.com`;
    }
    case "az":
    case "abfs":
    case "abfss": {
      const name = account?.split(".")[0] ?? environment.AZURE_STORAGE_ACCOUNT_NAME;
      if (name === undefined || !/^[a-z0-9]+$/.test(name)) return undefined;
      return `https://${name}.blob.core.windows.net/${container}`;
    }
    default:
      return undefined;
  }
}
