import type { ChunkCost } from "../model/chunk.ts";
import type { Span } from "../model/grid.ts";
import type { Buffers } from "../model/memory.ts";
import type { Stages } from "../model/stages.ts";
import type { Found } from "../model/watch.ts";
import type { BloscRun } from "./codecs/bloscRun.ts";
import type { Hosts } from "./stores/hosts.ts";

/**
 * What a format (Zarr, memory, later kerchunk and netCDF) offers to the CF layer: named arrays cut in chunks.
 * Formats know bytes, checksums and absent chunks; the CF layer knows time, units, grids and missing values.
 */
export interface StoredGroup {
  /** For messages: the address as the user wrote it, without credentials. */
  readonly address: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Names of the arrays there are, sorted. */
  readonly names: readonly string[];
  /** Metadata of one array, checked; throws an `EwbError` that names store, variable and what is wrong. */
  array(name: string): Promise<StoredArray>;
  readonly warnings: readonly string[];
}

export interface StoredArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** Shape of the piece that is decoded as a whole (the inner chunk of a shard). */
  readonly chunkShape: readonly number[];
  /** Names of the dimensions. */
  readonly dims: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** e.g. `float32`, `int16`, `int64`, `bool`, `datetime64[ns]`, `timedelta64[h]`. */
  readonly dataType: string;
  /** The format's fill value as a number (bigint for 64-bit integers), null: it states none. */
  readonly fill: number | bigint | null;
  /**
   * Whether a value equal to `fill` is missing: true for Zarr v2 (as xarray reads it). Absent or false for Zarr
   * v3, where only the attribute `_FillValue` marks what is missing.
   */
  readonly fillIsMissing?: boolean;
  /** Whether chunks are files of this machine. */
  readonly isNear?: boolean;
  /** Decoded bytes of one chunk, and an upper bound of its encoded bytes. */
  readonly chunkBytes: number;
  readonly encodedBytes: number;
  /** Id of a chunk, unique in a run: address, array, key. */
  chunkId(coords: readonly number[]): string;
  /**
   * The part of any chunk that holds these elements (C order, ascending), widened to what can be decoded alone;
   * undefined: the whole chunk is read, or it is hardly more. Pure arithmetic on metadata.
   */
  part?(spans: readonly Span[]): ChunkPart | undefined;
  /**
   * Those of some chunks that are there, by id, without their bytes: what reading them would give as version. Absent: who
   * wants to know has to read.
   */
  look?(places: readonly (readonly number[])[]): Promise<ReadonlyMap<string, Found>>;
  /** One chunk, whole or a part, C order, checked; undefined: the store has no such chunk. Not cached. */
  chunk(coords: readonly number[], options: ChunkOptions): Promise<StoredChunk | undefined>;
}

/** Another part of a chunk that somebody needs soon. */
export interface Beside {
  readonly spans: readonly Span[];
  /** Is given its elements where they come with what is read; else they are read by themselves. */
  take(chunk: StoredChunk): void;
}

/** Some elements of a chunk. */
export interface ChunkPart {
  /** Tells it from other parts of the same chunk. */
  readonly name: string;
  /** Elements of the chunk, ascending and apart from each other. */
  readonly spans: readonly Span[];
  /** Decoded bytes, and an upper bound of what is fetched for them. */
  readonly bytes: number;
  readonly encoded: number;
}

export interface ChunkOptions {
  /** Absent: the whole chunk. */
  readonly part?: ChunkPart | undefined;
  /** Other parts of the same chunk: whoever can read them along with the part does. */
  readonly beside?: readonly Beside[];
  readonly signal?: AbortSignal;
  /** Where encoded and decoded bytes are put; absent: in fresh arrays. */
  readonly buffers?: Buffers;
  /** Told how many encoded bytes came. */
  readonly arrived?: (encoded: number) => void;
}

export type StoredValues =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

export interface StoredChunk {
  /** All elements, or those of the part's spans, one span after the other. */
  readonly values: StoredValues;
  /** ETag, or size and time of the file the chunk came from. */
  readonly version: string;
  /** Whether no value is infinite; undefined: nobody has looked yet, and whoever wants to know has to. */
  finite?: boolean;
  /** What `values` lie in, where that is to be given back to the `buffers` it was taken of. */
  readonly buffer?: Uint8Array;
}

/** An array of a folder of this machine, as another thread can open it. Equal where it is the same object. */
export interface FarArray {
  readonly address: string;
  readonly folder: string;
  readonly name: string;
  readonly shape: readonly number[];
  /** What its metadata were made of. */
  readonly document: object;
}

/** What another thread is asked for: a chunk of a folder, or a part of it. */
export interface FarChunk {
  readonly array: FarArray;
  readonly coords: readonly number[];
  readonly part: ChunkPart | undefined;
  /** Is filled with the elements, exactly; nobody else may touch it meanwhile. */
  readonly out: Uint8Array;
}

/** What came of it. */
export interface FarAnswer {
  /**
   * Undefined: it was not read, for whatever reason (no such chunk, damage). Whoever asked reads it, and finds out.
   */
  readonly chunk:
    | {
        readonly version: string;
        readonly finite: boolean | undefined;
        /** Encoded bytes of it. */
        readonly encoded: number;
        /** What took most of the time. */
        readonly stage: "read" | "decode";
      }
    | undefined;
  /** Bytes that were read since the last answer, and files opened. */
  readonly bytes: number;
  readonly requests: number;
}

/** Reads and decodes chunks of local folders, and decodes what has come of others, beside the thread that asks. */
export interface ChunkReader {
  /** Bytes of a chunk from which on it is worth asking. */
  readonly least: number;
  /** Says that such chunks will be asked for soon. */
  begin(): void;
  /** Undefined: it has too much to do, or there is none. */
  read(chunk: FarChunk): Promise<FarAnswer> | undefined;
  /**
   * As `decodeRun`; undefined, at once or later, where it was not done: whoever asked does it, and finds out why. Until it
   * is over nobody else may touch what is wanted or encoded.
   */
  decode(run: BloscRun): Promise<boolean | undefined> | undefined;
}

/** What sources get from the run: the cache of decoded chunks, and a place to count what is read. */
export interface SourceContext {
  readonly cache: ChunkCache;
  readonly buffers: Buffers;
  readonly reader?: ChunkReader;
  /** Connections to web stores, shared by all of them. */
  readonly hosts?: Hosts;
  readonly stages: Stages;
  /** Bytes fetched from a store or disk, and requests made. */
  count(bytes: number, requests: number): void;
  /** `gs://…`-like addresses and hosts that may be asked; credentials per host. Absent: anonymous. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Decoded chunks by id, each held once and shared; joins reads in flight. */
export interface ChunkCache {
  get(chunk: ChunkCost, load: LoadChunk): Promise<StoredChunk | undefined>;
}

/**
 * Reads a chunk, or a part of one.
 *
 * @param arrived is told how many encoded bytes came
 * @param beside other parts of the same chunk that units hold or wait for
 */
export type LoadChunk = (
  arrived: (encoded: number) => void,
  beside: readonly Beside[],
) => Promise<StoredChunk | undefined>;
