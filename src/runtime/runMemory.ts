/**
 * The memory of one thread of a run: pooled buffers, the decoded chunks in them, and the ledger that admits units.
 * What one thread holds at most is `limit`; it moves (`resize`), and everything that can go at once goes: chunks nobody
 * holds, free buffers, and then a collection, so that the process really gets smaller.
 */
import type { Budget } from "../model/budget.ts";
import type { OwnedWorkspace } from "../model/memory.ts";
import { type BudgetOptions, MemoryBudget } from "../operators/flow/budget.ts";
import { type BufferPool, bufferPool } from "./bufferPool.ts";
import { type Chunks, chunkCache, type Fetched } from "./chunkCache.ts";
import type { ReaderThread } from "./reader/readerThread.ts";
import { type ThreadReader, threadReader } from "./reader/threadReader.ts";
import { recordingBudget } from "./recordingBudget.ts";

export interface RunMemory {
  readonly budget: Budget;
  readonly chunks: Chunks;
  readonly buffers: BufferPool;
  readonly reader: ThreadReader | undefined;
  workspace(): OwnedWorkspace;
  /** Moves the limit (bytes), and what one unit may hold at most. */
  resize(limit: number, most?: number): void;
  pause(paused: boolean): void;
  /** Lets go of what nobody holds: free buffers and, with `cache`, chunks. Collects garbage. */
  trim(cache: boolean): void;
  /** Bytes: held by units, cached, kept (states, rows), of all buffers, of free ones; asks that wait, and for what. */
  state(): MemoryUse;
}

export interface MemoryUse {
  readonly limit: number;
  /** Bytes of units in work, with the chunks they share. */
  readonly units: number;
  readonly cache: number;
  readonly states: number;
  /** Bytes of all pooled buffers, and of those not in use. */
  readonly resident: number;
  readonly free: number;
  /** Units that hold bytes; asks that wait; bytes held if the first of them were alone. */
  readonly admitted: number;
  readonly waiting: number;
  readonly needed: number;
}

export interface RunMemoryOptions extends Omit<BudgetOptions, "chunks"> {
  readonly planning?: boolean;
  /** Address space of an arena for the buffers; none unless said. */
  readonly arena?: number;
  /** A thread that reads into the arena. */
  readonly reader?: () => ReaderThread;
  readonly collect: () => void;
  readonly onFetched?: (fetched: Fetched) => void;
}

/** Address space of the arena of a thread at work. */
export const arenaOfThread = 512 * 1024 * 1024;

/** @param limit bytes this thread may hold */
export const runMemory = (limit: number, options: RunMemoryOptions): RunMemory => {
  const { planning, arena = 0, reader: thread, collect, onFetched, ...rest } = options;
  const reader = thread && threadReader(thread);
  const buffers = bufferPool(limit, collect, arena, (buffer) => reader?.forget(buffer));
  const chunks = chunkCache(buffers, onFetched);
  const ledger = new MemoryBudget(limit, { ...rest, chunks });
  chunks.onFreed = () => ledger.freed();
  chunks.hasRoom = (bytes) => ledger.hasRoom(bytes);
  return {
    budget: planning ? recordingBudget(ledger.most) : ledger,
    chunks,
    buffers,
    reader,
    workspace: () => buffers.workspace(),
    resize(bytes, most) {
      ledger.resize(bytes, most);
      buffers.resize(Math.max(0, bytes - ledger.kept));
    },
    pause: (paused) => ledger.pause(paused),
    trim(cache) {
      if (cache) chunks.drop(Number.POSITIVE_INFINITY);
      buffers.trim();
    },
    state: () => ({
      limit: ledger.limit,
      units: ledger.used - ledger.kept,
      cache: ledger.cached,
      states: ledger.kept,
      resident: buffers.resident,
      free: buffers.free,
      admitted: ledger.admitted,
      waiting: ledger.waiting,
      needed: ledger.needed,
    }),
  };
};
