import { defer } from "rxjs";
import { createRun } from "./createRun.ts";
import { cacheFolder } from "./folders.ts";
import { thisSystem } from "./machine/system.ts";
import { budgetOf, leastLimit, roomOf } from "./memory.ts";
import type { RunOptions } from "./options.ts";
import { loadPipeline, type Pipeline } from "./pipelineModule.ts";
import { pipelineRows } from "./pipelineRows.ts";
import type { Plan } from "./plan.ts";
import { runMemory } from "./runMemory.ts";

/** What a pipeline would read, without reading a value: metadata only. */
export const plan = async (pipeline: Pipeline | string, options: RunOptions = {}): Promise<Plan> => {
  const isFile = typeof pipeline === "string";
  const system = thisSystem();
  const room = roomOf(system, options, isFile, system.ownRss());
  const { share, floor, wanted, kind: workersAs, reader } = room;
  const work = isFile ? await loadPipeline(pipeline, options.cache ?? cacheFolder()) : pipeline;
  const kept = leastLimit(share.limit, floor.baseline);
  const memory = runMemory(budgetOf(kept, floor.baseline), { planning: true, collect: () => {} });
  await using run = await createRun(options, { planning: true, memory });
  await new Promise<void>((resolve, reject) => {
    defer(() => pipelineRows(work, run, pipeline)).subscribe({ error: reject, complete: resolve });
  });
  return {
    ...run.plan.result(),
    machine: { ...share, ...floor, reader, kept, wanted, workersAs },
    failures: run.failures,
    gaps: run.gaps,
  };
};
