/**
 * `createRun`: everything with an effect that a pipeline may ask for, in one object. It owns the ledger, the cache
 * of decoded chunks and the opened stores, and gives them back when disposed. Nothing is kept outside it.
 */

import { setMaxListeners } from "node:events";
import { selectSources, sourcesOf } from "../catalog/dataSet.ts";
import { hashText } from "../kernels/hash.ts";
import type { Case } from "../model/case.ts";
import { EwbError } from "../model/errors.ts";
import type { RunEvent } from "../model/event.ts";
import type { OpenPoints, OpenSource, PointSelection } from "../model/openSource.ts";
import type { PairSet } from "../model/pair.ts";
import type { Failure, Gap } from "../model/row.ts";
import type { Run } from "../model/run.ts";
import type { Source } from "../model/source.ts";
import { namesInTurn } from "../operators/flow/namesInTurn.ts";
import { sourceOpener } from "../sources/openSource.ts";
import type { Clock } from "../sources/stores/clock.ts";
import { hosts, type Slowed } from "../sources/stores/hosts.ts";
import { openStore } from "../sources/stores/openStore.ts";
import { Remembered, type Seen, seenStores } from "../sources/watch/seenStores.ts";
import { readCases } from "./caseFiles.ts";
import { openDataSet } from "./dataSets.ts";
import { failureEvent, gapEvent } from "./failureEvent.ts";
import { cacheFolder } from "./folders.ts";
import { collector } from "./governor/collect.ts";
import { thisSystem } from "./machine/system.ts";
import { budgetOf, machineShare } from "./memory.ts";
import { noTable } from "./noTable.ts";
import type { RunOptions } from "./options.ts";
import { packageVersion } from "./packageVersion.ts";
import { planner } from "./plan.ts";
import { Progress } from "./progress.ts";
import { arenaOfThread, type RunMemory, runMemory } from "./runMemory.ts";
import { sourceAddresses } from "./sourceAddresses.ts";
import { StageClock } from "./stages/stageClock.ts";
import type { Changes, Publication } from "./watch/publication.ts";

/** The reports of a target for one case; bytes of them on the ledger. */
interface CaseReports {
  readonly key: string;
  readonly inside: unknown;
  readonly reading: Promise<PointSelection>;
  bytes: number;
}

/** Cases at once: those that need the same chunks share them, and the states of all are kept meanwhile. */
const casesBy = (bytes: number): number => Math.min(8, Math.max(2, Math.floor(bytes / 64e6)));

/** What the runtime adds to the options of a user. */
export interface RunSetting {
  readonly planning?: boolean;
  /** Of this thread; default: made of `options.memory`. */
  readonly memory?: RunMemory;
  readonly stages?: StageClock;
  readonly measure?: Run["measure"];
  readonly workers?: number;
  readonly elsewhere?: Run["elsewhere"];
  readonly finished?: Run["finished"];
  readonly watching?: Run["watching"];
  /** What earlier turns have read of stores that grow; a worker has what the coordinator has `seen`. */
  readonly remembered?: Remembered;
  readonly seen?: Seen;
  /** Of requests, their pauses and repeats; default: the machine's. */
  readonly clock?: Clock;
  /** Of a table that is published again and again, by its path. */
  readonly publication?: Publication;
  readonly onPublished?: (file: string, changes: Changes) => void;
  /** A worker passes on what a coordinator keeps. */
  readonly onCount?: (caseId: number, units: Parameters<Run["count"]>[1]) => void;
  readonly onRead?: (bytes: number, requests: number) => void;
  readonly onDocument?: Run["document"];
  /** Told of the cases of every file that was read. */
  readonly onCases?: (path: string, cases: readonly Case[]) => void;
  /** Cases of files that somebody else has read. */
  readonly casesOf?: ReadonlyMap<string, readonly Case[]>;
  readonly fingerprint?: string;
}

/** A run and what its maker may do with it. */
export interface OwnedRun extends Run, AsyncDisposable {
  readonly progress: Progress;
  readonly memory: RunMemory;
  readonly stages: StageClock;
  readonly plan: ReturnType<typeof planner>;
  readonly failures: readonly Failure[];
  readonly gaps: readonly Gap[];
  /** How often hosts asked this thread for less. */
  readonly slowed: Slowed;
  /** Metadata of stores that grow, where inputs still arrive. */
  readonly seen: Seen | undefined;
  readonly options: RunOptions;
  readonly workers: number;
  /** `site`, against the sites of one subscription. */
  siteOnce(known: Set<string>, id: number, key: string): void;
  /** A failure or a gap without what is secret of addresses. */
  told<T extends Failure | Gap>(found: T): T;
  /** Lets go of what is kept of a case: nothing of it is in work here. */
  letGo(id: number): void;
  /** No new refs: what is in work finishes, what is whole is published. */
  drain(): void;
  /** Ends it at once; `why`: default, that it was stopped. */
  stop(why?: Error): void;
}

/**
 * @throws `DataSet`, `Options`
 * @example await using run = await createRun({ data: "sample", memory: "512MB" });
 */
export const createRun = async (options: RunOptions = {}, setting: RunSetting = {}): Promise<OwnedRun> => {
  const memory = setting.memory ?? ownMemory(options.memory);
  const { budget } = memory;
  const stages = setting.stages ?? new StageClock(() => performance.now());
  const emit = (event: RunEvent) => options.onEvent?.(event);
  const say = (message: string) => emit({ event: "note", message });
  const dataSet = await openDataSet(options.data ?? "sample", options.cache ?? cacheFolder(), say);
  const isWorker = setting.onDocument !== undefined;
  // What writes tables is large, and neither for a worker nor for a plan.
  const tables = isWorker || setting.planning ? undefined : (await import("./resultTables.ts")).resultTables;
  const controller = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, controller.signal]) : controller.signal;
  // Reads of many units wait with it: of more than ten Node would warn as of a leak.
  setMaxListeners(0, signal);
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const progress = new Progress(began);
  const plan = planner(budget.most);
  const failures: Failure[] = [];
  const gaps: Gap[] = [];
  const opened = new Map<Source, Promise<OpenSource>>();
  const open = new Map<Source, OpenSource>();
  const selections = new WeakMap<PairSet, Map<OpenPoints, PointSelection>>();
  const cut = new WeakSet<PairSet>();
  const sites = new Set<string>();
  const chosen = new Map<string, readonly Source[]>();
  const cases = new Map<string, Promise<readonly Case[]>>();
  const documents = new Map<string, string>();
  const known = new Map<number, Case>();
  let draining = false;
  let eachCases = 0;

  const connections = hosts({ environment: process.env, ...(setting.clock ? { clock: setting.clock } : {}) });
  const context = {
    cache: memory.chunks,
    buffers: memory.buffers,
    ...(memory.reader ? { reader: memory.reader } : {}),
    stages,
    count: (bytes: number, requests: number) => {
      progress.read(bytes, requests);
      setting.onRead?.(bytes, requests);
    },
    environment: process.env,
    hosts: connections,
  };
  const grows = setting.watching !== undefined;
  const openAt = (address: string) => openStore(address, context);
  const own =
    grows && setting.seen === undefined
      ? seenStores(openAt, setting.remembered ?? new Remembered(), context.count)
      : undefined;
  const seen = setting.seen ?? own;
  const sources = sourceOpener(context, { grows, ...(seen ? { seen } : {}) });
  const document: Run["document"] = (section, key, text) => {
    documents.set(`${section}.${key}`, text);
    setting.onDocument?.(section, key, text);
  };
  const addresses = sourceAddresses();
  const warned = new Set<string>();
  const warn = (source: Source, message: string) =>
    run.emit({ event: "warning", source: source.name, message });

  /** The reports of a case are read once for all its forecasts, and let go when it is done. */
  const reports = new Map<number, CaseReports[]>();
  const caseReports = ({ event, matching, variables }: PairSet, target: OpenPoints) => {
    const { inside } = matching;
    const key = JSON.stringify([target.source.name, target.source.address, variables, event]);
    const ofCase = reports.get(event.id) ?? [];
    reports.set(event.id, ofCase);
    const read = ofCase.find((one) => one.key === key && one.inside === inside);
    if (read !== undefined) return read.reading;
    const reading = target
      .select(inside(event.region), event.start, event.end, variables, { signal })
      .then((selection) => {
        for (const message of selection.warnings) warn(target.source, message);
        // The case may be over, or given up, meanwhile.
        if (reports.get(event.id)?.includes(entry)) {
          budget.keep(selection.bytes);
          entry.bytes = selection.bytes;
        }
        return selection;
      });
    const entry = { key, inside, reading, bytes: 0 };
    ofCase.push(entry);
    return reading;
  };

  const run: OwnedRun = {
    budget,
    memory,
    stages,
    workspace: memory.workspace,
    selection: options.select ?? {},
    maxMissing: options.maxMissing ?? 0,
    version: packageVersion,
    signal,
    planning: setting.planning ?? false,
    casesAtOnce: Math.max(casesBy(budget.most), 2 * (setting.workers ?? 0)),
    turns: namesInTurn(),
    progress,
    plan,
    failures,
    gaps,
    options,
    workers: setting.workers ?? 0,
    ...(setting.measure ? { measure: setting.measure } : {}),
    ...(setting.elsewhere ? { elsewhere: setting.elsewhere } : {}),
    ...(setting.finished ? { finished: setting.finished } : {}),
    ...(setting.watching ? { watching: setting.watching } : {}),
    get draining() {
      return draining;
    },
    get slowed() {
      return connections.slowed;
    },
    seen,
    // The same objects for the same question: a source is opened once.
    sources(role, variables) {
      const wanted = options.select?.forecasts ?? [];
      const offered = dataSet.forecasts.map(({ name }) => name);
      if (role === "forecast" && wanted.length > 0 && !wanted.some((name) => offered.includes(name))) {
        throw new EwbError(
          "Options",
          `no forecast ${wanted.join(", ")} in the data set ${dataSet.name}; there are ${offered.join(", ")}`,
        );
      }
      const key = JSON.stringify([role, Object.entries(variables).sort()]);
      const found = chosen.get(key) ?? selectSources(dataSet, role, variables);
      if (!chosen.has(key) && found.length === 0 && role !== "climatology") {
        const asked = Object.entries(variables).map(([name, unit]) => `${name} (${unit})`);
        const there = [
          ...new Set(sourcesOf(dataSet, role).flatMap((source) => Object.keys(source.variables))),
        ];
        const message = `no ${role} gives ${asked.join(", ")}; there are ${there.slice(0, 12).join(", ") || "none"}`;
        run.emit({ event: "warning", source: `data set ${dataSet.name}`, message });
      }
      chosen.set(key, found);
      if (role === "forecast") {
        progress.forecasts(found.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).length);
      }
      return found as Source<typeof variables>[];
    },
    async cases(from) {
      const wanted = from ?? options.cases ?? dataSet.cases;
      if (typeof wanted !== "string") return announced(wanted);
      const told = setting.casesOf?.get(wanted);
      if (told !== undefined) return announced(told);
      const reading = cases.get(wanted) ?? readCases(wanted, run.fail);
      cases.set(wanted, reading);
      const read = await reading;
      setting.onCases?.(wanted, read);
      return announced(read);
    },
    open(source) {
      const before = opened.get(source);
      if (before) return before;
      addresses.learn(source.address);
      const opening = sources.open(source).then((found) => {
        open.set(source, found);
        document("sources", source.name, `${source.role} ${addresses.told(source.address)}`);
        for (const message of found.warnings) warn(source, message);
        return found;
      });
      opened.set(source, opening);
      return opening;
    },
    opened: (source) => open.get(source),
    async select(set, target) {
      const selection = await caseReports(set, target);
      const selected = selections.get(set) ?? new Map();
      selections.set(set, selected.set(target, selection));
      return selection;
    },
    selected: (set, target) => selections.get(set)?.get(target),
    letGo(id) {
      for (const { bytes } of reports.get(id) ?? []) budget.keep(-bytes);
      reports.delete(id);
    },
    cutShort: (set) => void cut.add(set),
    isCutShort: (set) => cut.has(set),
    announce: ({ id, start, end }) => progress.announce(id, end - start),
    eachCaseIndex: () => eachCases++,
    site: (event, key) => run.siteOnce(sites, event.id, key),
    siteOnce(known, id, key) {
      const site = `${id} ${key}`;
      if (known.has(site)) {
        throw new EwbError(
          "DuplicateSite",
          `case ${id} is scored twice with the same forecast, targets and metrics: ` +
            'give one of them a label, score(run, { label: "night" }, …), so that their rows can be told apart.',
        );
      }
      known.add(site);
    },
    planned: (event, forecast, cost, units) => plan.add(event, forecast, cost, units),
    count(event, units) {
      progress.count(event.id, units, performance.now());
      setting.onCount?.(event.id, units);
    },
    document,
    emit(event) {
      if (event.event === "case" && event.state !== "running") {
        progress.finished(event.id);
        run.letGo(event.id);
      }
      if (event.event === "warning") {
        // Every worker that opens a source finds the same.
        const key = `${event.source} ${event.message}`;
        if (warned.has(key)) return;
        warned.add(key);
      }
      emit(event.event === "case" && !isWorker ? progress.caseEvent(event) : event);
    },
    fail(found) {
      // What is torn down by a stop is no failure of a case.
      if (signal.aborted) return;
      const failure = run.told(found);
      failures.push(failure);
      emit(failureEvent(failure, seconds()));
    },
    gap(found) {
      const gap = run.told(found);
      gaps.push(gap);
      emit(gapEvent(gap, seconds()));
    },
    table: (path) =>
      tables === undefined ? noTable : tables(run, path, { documents, casesHash, ...setting }),
    told(found) {
      const { told } = addresses;
      const message = "message" in found ? { message: told(found.message) } : {};
      return { ...found, source: told(found.source), ...message };
    },
    drain: () => {
      draining = true;
    },
    stop: (why = new EwbError("Stopped", "stopped: nothing was published")) => controller.abort(why),
    async [Symbol.asyncDispose]() {
      controller.abort(new EwbError("Stopped", "the run is over"));
      await Promise.allSettled([...open.values()].map((source) => source.close?.()));
      await sources[Symbol.asyncDispose]();
      await own?.[Symbol.asyncDispose]();
      await connections.close();
      await memory.reader?.close();
    },
  };
  const casesHash = () => hashText(JSON.stringify([...known.values()]));
  const announced = (all: readonly Case[]) => {
    const wanted = options.select?.cases;
    if (wanted !== undefined && all.length > 0 && !all.some(({ id }) => wanted.includes(id))) {
      const ids = all.map(({ id }) => id);
      throw new EwbError(
        "Options",
        `no case ${idsText(wanted)}; there are ${idsText(ids)} ("ewb cases" lists them)`,
      );
    }
    for (const event of all) known.set(event.id, event);
    return all;
  };
  return run;
};

/** Of a run that was made in code, without workers. */
const ownMemory = (wanted: RunOptions["memory"]): RunMemory => {
  const system = thisSystem();
  const limit = budgetOf(machineShare(system, wanted).limit, system.ownRss());
  return runMemory(limit, { collect: collector(), arena: arenaOfThread });
};

/** A few ids in full, of many the first and the last ones. */
const idsText = (ids: readonly number[]): string =>
  ids.length <= 12 ? ids.join(", ") : `${ids.slice(0, 5).join(", ")}, … ${ids.at(-1)} (${ids.length} in all)`;
