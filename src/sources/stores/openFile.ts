/**
 * A file that is open for reading. What the machine has in its memory (a file read lately, and nearly every directory)
 * comes in microseconds, less than handing the work to another thread and hearing of its end costs; where thousands of
 * small reads make a run, that is most of it. So a thread opens and reads itself as long as that goes at such a speed.
 * Once it does not (a disk, a network file system), other threads do, many at a time, and it is tried again later. They
 * have large reads anyway: there the copy is most, and is made while this thread computes.
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

/** Milliseconds that are quick: so many, and one for so many bytes. */
const quick = 0.5;
const bytesPerMs = 1_000_000;
/** To copy more bytes than this costs more than to hand it over, and keeps the thread from everything else meanwhile. */
const most = 500_000;
/** How often others are asked when it was slow, at first and at most. */
const [few, many] = [32, 4096];

/** Whether it is this thread's turn, by how long it took before. */
const turns = (now: () => number) => {
  let others = 0;
  let next = few;
  return {
    mine(): boolean {
      if (others === 0) return true;
      others -= 1;
      return false;
    },
    timed<T>(bytes: number, work: () => T): T {
      const began = now();
      try {
        return work();
      } finally {
        if (now() - began <= quick + bytes / bytesPerMs) {
          next = Math.max(few, next / 2);
        } else {
          others = next;
          next = Math.min(many, next * 4);
        }
      }
    },
  };
};

/** @param now milliseconds of a steady clock */
export const fileOpener = (now: () => number): FileOpener => {
  const turn = turns(now);
  const reader =
    (file: number): OpenFile["read"] =>
    async (into, from) =>
      into.length <= most && turn.mine()
        ? turn.timed(into.length, () => readSync(file, into, 0, into.length, from))
        : called<number>((done) => read(file, into, 0, into.length, from, done));
  return async (path) => {
    if (turn.mine()) {
      const [file, stats] = turn.timed(0, () => openNow(path));
      return opened(stats, reader(file), () => closeSync(file));
    }
    const file = await called<number>((done) => open(path, "r", done));
    const closed = () => called<void>((done) => close(file, (error) => done(error ?? null)));
    try {
      return opened(await called<Stats>((done) => fstat(file, done)), reader(file), closed);
    } catch (error) {
      await closed();
      throw error;
    }
  };
};

const openNow = (path: string): readonly [file: number, stats: Stats] => {
  const file = openSync(path, "r");
  try {
    return [file, fstatSync(file)];
  } catch (error) {
    closeSync(file);
    throw error;
  }
};

const opened = (stats: Stats, read: OpenFile["read"], close: OpenFile["close"]): OpenFile => ({
  size: stats.size,
  version: `${stats.size}:${stats.mtimeMs}`,
  isFolder: stats.isDirectory(),
  read,
  close,
});

type Done<T> = (error: Error | null, value: T) => void;

const called = <T>(call: (done: Done<T>) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => (error === null || error === undefined ? resolve(value) : reject(error)));
  });
