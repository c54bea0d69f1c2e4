/** The one number: what a run may hold with all its workers, and how many workers it has room for. */
import { EwbError } from "../model/errors.ts";
import { formatBytes, parseBytes } from "./byteSize.ts";
import type { Allowance } from "./machine/allowance.ts";
import { coreAllowance } from "./machine/coreAllowance.ts";
import { memoryAllowance, memoryShare } from "./machine/memoryAllowance.ts";
import type { System } from "./machine/system.ts";
import type { RunOptions } from "./options.ts";

/**
 * What a worker takes before its first unit, as a share of what the program takes before it has loaded a pipeline.
 * Measured on Node 20 and 24: a thread 0.35 (31 MB) and 0.43 (44 MB), a process 1.0 (88 MB) and 1.09 (110 MB).
 */
const workerShares = { thread: 0.4, process: 1.05 };
/** A program that only uses this one may be larger than what a worker loads. */
export const mostProgram = 130e6;
/** What the program grows by when it loads a pipeline: on Node 20 and 24 9 and 18 MB. */
const pipelineBytes = 18e6;
/** What the program grows by when it opens its sources, and bytes it is worth to start a worker for. */
const openingBytes = 3e6;
const leastLease = 16e6;
/** What a reader takes (`reader/`), and bytes of a ledger from which on the arena (`bufferPool`) has much room for it. */
const [readerBytes, readerFrom] = [20e6, 256e6];
/** Share of the limit that work is meant to fill, the program itself included: as the governor has it. */
const settle = 0.93;
/** Bytes that a ledger has at least: below the program's own size no limit can be kept, and the run goes on one by one. */
const leastBudget = 16e6;
/** What the heap of a program that works grows by, beside what the ledger sees. */
const heapBytes = 32e6;

export interface MachineShare {
  /** Bytes for the whole process tree. */
  readonly limit: number;
  /** Where the number comes from. */
  readonly text: string;
  readonly memory: Allowance;
  readonly cores: Allowance;
}

/**
 * What `--memory` says, else a stated share of what the machine allows.
 * @throws `Options` for a size that cannot be read
 */
export const machineShare = (system: System, wanted: string | number | undefined): MachineShare => {
  const memory = memoryAllowance(system);
  const cores = coreAllowance(system);
  if (wanted === undefined) {
    const { bytes, text } = memoryShare(memory);
    return { limit: bytes, text, memory, cores };
  }
  const limit = typeof wanted === "number" ? wanted : parseBytes(wanted);
  if (!(limit > 0)) throw new EwbError("Options", `--memory ${wanted}: expected a size above 0, e.g. 512MB`);
  const less = limit > memory.limit ? `; above ${formatBytes(memory.limit)} (${memory.from})` : "";
  return { limit, text: `--memory${less}`, memory, cores };
};

/** Bytes the ledger may admit beside a program of `baseline` bytes. */
export const budgetOf = (limit: number, baseline: number): number =>
  Math.max(leastBudget, Math.floor(settle * limit - baseline));

/**
 * What can be kept: the limit, or, where the program itself is larger than that, the least it can work with.
 * @param baseline bytes of the program and its workers before the first unit
 */
export const leastLimit = (limit: number, baseline: number): number =>
  Math.max(limit, Math.ceil((baseline + leastBudget + heapBytes) / settle));

/** What the machine gives a run, and what the run takes of it before its first unit. */
export interface Room {
  readonly share: MachineShare;
  readonly floor: Floor;
  readonly wanted: number;
  readonly kind: "thread" | "process";
  /** Bytes of a reader beside each thread that computes; 0: there is none. */
  readonly reader: number;
}

/**
 * What a run and the plan of it have: the same for both.
 *
 * @param isFile whether workers could import the pipeline
 * @param bare bytes of the program before the pipeline is loaded: workers start at once, and load it at the same time
 * @throws `Options` for a size that cannot be read
 */
export const roomOf = (
  system: System,
  { memory, workers, workersAs: kind = "thread" }: Pick<RunOptions, "memory" | "workers" | "workersAs">,
  isFile: boolean,
  bare: number,
): Room => {
  const share = machineShare(system, memory);
  const wanted = isFile ? (workers ?? Math.max(1, share.cores.limit - 1)) : 0;
  const floor = floorOf(share.limit, bare, bare + (isFile ? pipelineBytes : 0), wanted, kind);
  const threads = Math.max(1, floor.workers);
  const hasReaders =
    share.cores.limit >= 2 * threads && budgetOf(share.limit, floor.baseline) >= threads * readerFrom;
  const reader = hasReaders ? readerBytes : 0;
  return {
    ...{ share, wanted, kind, reader },
    floor: { ...floor, baseline: floor.baseline + threads * reader },
  };
};

/** What a run takes before its first unit: the program, its workers, and how many of them there are. */
export interface Floor {
  /** Bytes of the program with its sources open, and of one worker. */
  readonly program: number;
  readonly worker: number;
  readonly workers: number;
  /** Bytes of all. */
  readonly baseline: number;
}

/**
 * How many of `wanted` workers fit beside the program, so that the limit can be kept.
 *
 * @param bare bytes of the program before it has loaded a pipeline
 * @param own bytes of the program now
 * @example floorOf(256e6, 88e6, 92e6, 4, "thread").workers // 2
 */
export const floorOf = (
  limit: number,
  bare: number,
  own: number,
  wanted: number,
  kind: "thread" | "process",
): Floor => {
  const program = own + openingBytes;
  const worker = Math.ceil(workerShares[kind] * Math.min(bare, mostProgram));
  const room = settle * limit - program;
  const fit = Math.min(
    wanted,
    Math.floor(room / (worker + leastLease)),
    Math.floor((room - leastBudget - heapBytes) / worker),
  );
  const workers = Math.max(0, fit);
  return { program, worker, workers, baseline: program + workers * worker };
};
