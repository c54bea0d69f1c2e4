/**
 * A file that is open for reading, by its number: a third of what `node:fs/promises` costs, which matters where thousands
 * of small reads make a run. Opening a file of a local disk takes some microseconds, less than handing the work to
 * another thread does: so it is opened at once, and a header read, until that is found to take long (a network file
 * system), and from then on by other threads. More than a header is always read by other threads.
 */
import { close, closeSync, fstat, fstatSync, open, openSync, read, readSync, type Stats } from "node:fs";

export interface OpenFile {
  readonly size: number;
  /** Differs when the file does: size and time of change. */
  readonly version: string;
  readonly isFolder: boolean;
  /** Fills `into` from byte `from` of the file on, at most; how many bytes came, 0 at its end. */
  read(into: Uint8Array, from: number): Promise<number>;
  close(): Promise<void> | void;
}

/** Opens files of one place. Rejects with what Node says: ENOENT, EACCES, … */
export type FileOpener = (path: string) => Promise<OpenFile>;

/** Bytes that are read at once. */
const header = 4096;
/** Milliseconds an open may take, and how often it may take longer. */
const quick = 1;
const patience = 4;

/** @param now milliseconds of a steady clock */
export const fileOpener = (now: () => number): FileOpener => {
  let slow = 0;
  return async (path) => {
    if (slow >= patience) return openAway(path);
    const began = now();
    try {
      return openHere(path);
    } finally {
      if (now() - began > quick) slow += 1;
      else if (slow > 0) slow -= 0.01;
    }
  };
};

const openHere = (path: string): OpenFile => {
  const file = openSync(path, "r");
  try {
    const there = opened(file, fstatSync(file), () => closeSync(file));
    return {
      ...there,
      read: async (into, from) =>
        into.length <= header ? readSync(file, into, 0, into.length, from) : there.read(into, from),
    };
  } catch (error) {
    closeSync(file);
    throw error;
  }
};

type Done<T> = (error: Error | null, value: T) => void;

const called = <T>(call: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => (error === null || error === undefined ? resolve(value) : reject(error)));
  });

const openAway = async (path: string): Promise<OpenFile> => {
  const file = await called<number>((done) => open(path, "r", done));
  const closed = () => called<void>((done) => close(file, (error) => done(error ?? null)));
  try {
    return opened(file, await called<Stats>((done) => fstat(file, done)), closed);
  } catch (error) {
    await closed();
    throw error;
  }
};

const opened = (file: number, stats: Stats, close: OpenFile["close"]): OpenFile => ({
  size: stats.size,
  version: `${stats.size}:${stats.mtimeMs}`,
  isFolder: stats.isDirectory(),
  read: (into, from) => called<number>((done) => read(file, into, 0, into.length, from, done)),
  close,
});
