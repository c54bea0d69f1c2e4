import type { Buffers } from "../../model/memory.ts";
import type { Stages } from "../../model/stages.ts";
import type { Found } from "../../model/watch.ts";

/**
 * A place of named objects, read only: a folder or a prefix of a web address. A store is strict: it gives exactly
 * the bytes that were asked for, all of them, or an error. It neither retries silently for ever nor keeps anything
 * but its connections, and it owns those: close it. Formats know nothing of what is behind it.
 *
 * Every error is an `EwbError` with tag `StoreRead` that names address and key, never credentials or a query.
 */
export interface Store extends AsyncDisposable {
  /** The address as the user wrote it, without credentials and query: for messages. */
  readonly address: string;
  /** The same for the same place only: addresses that differ in their query differ here. For ids of chunks. */
  readonly id: string;
  /** Path of the folder, where it is one of this machine. */
  readonly folder?: string;
  /** A whole object; undefined: the store has no such key. */
  get(key: string, options?: StoreReadOptions): Promise<StoredObject | undefined>;
  /** A part of an object, exactly the one that was asked for; undefined: the store has no such key. */
  getRange(key: string, range: ByteRange, options?: StoreReadOptions): Promise<StoredPart | undefined>;
  /**
   * Works on one object that stays open meanwhile, all of one version; undefined: the store has no such key. Absent
   * where nothing stays open: `getRange` serves.
   */
  opened?<T>(
    key: string,
    work: (object: OpenObject) => Promise<T>,
    options?: StoreReadOptions,
  ): Promise<T | undefined>;
  /** Names right below a folder (`""`: the store itself), sorted. Absent where the store cannot list. */
  list?(folder: string): Promise<readonly string[]>;
  /**
   * Those of some objects that are there, without their bytes. Where many lie together the folder is listed, if the
   * store can. Absent where it cannot tell.
   */
  look?(keys: readonly string[], options?: LookOptions): Promise<ReadonlyMap<string, Found>>;
  /** As `list`, of a host too; undefined: it gives no listing. */
  names?(folder: string, options?: LookOptions): Promise<readonly string[] | undefined>;
  /**
   * What one request costs, as measured so far: milliseconds to the first byte, bytes a millisecond after it. Undefined
   * while it is not known; absent where a request costs next to nothing.
   */
  pace?(): { readonly latency: number; readonly bandwidth: number } | undefined;
  close(): Promise<void>;
}

export interface OpenObject {
  readonly total: number;
  readonly version: string;
  /** Bytes [from, to). They stay until they are given back (`release`), and are not changed. */
  read(from: number, to: number): Promise<Uint8Array>;
  release(bytes: Uint8Array): void;
}

export interface LookOptions {
  readonly signal?: AbortSignal;
  /** Key -> version that is known: a host need only say that it is still so. */
  readonly known?: ReadonlyMap<string, string>;
  count?(bytes: number, requests: number): void;
}

export interface StoreReadOptions {
  readonly signal?: AbortSignal;
  /** More bytes than this are an error before they are read; default 2 GiB. */
  readonly most?: number;
  /**
   * The version that a part was read of before: another one is an error (`isChanged`), and so is none. Without it a
   * part of any version is given; of whole objects a store over HTTP remembers versions by itself.
   */
  readonly version?: string;
  /** Where the bytes are put; whoever asked gives them back. Absent: in a fresh array. */
  readonly buffers?: Buffers;
  /** Told what is being waited for. */
  readonly stages?: Stages;
  /** Told of each request made (0, 1) and of the bytes that came (bytes, 0), failed ones too. */
  count?(bytes: number, requests: number): void;
}

/**
 * Bytes from `offset`: exactly `length`, or `atMost` so many (fewer where the object ends before); or the last
 * `suffixLength` (of a shorter object: all of it).
 */
export type ByteRange =
  | { readonly offset: number; readonly length: number }
  | { readonly offset: number; readonly atMost: number }
  | { readonly suffixLength: number };

export interface StoredObject {
  readonly bytes: Uint8Array;
  /** ETag, or Last-Modified and length; of a file, size and time of change: differs when the object does. */
  readonly version: string;
}

export interface StoredPart extends StoredObject {
  /** Bytes of the whole object, where the store says so. */
  readonly total?: number;
}

export const largestObject = 2 ** 31;
