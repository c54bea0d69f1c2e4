/** `ewb sample`: makes the embedded sample, or lets its inits arrive one after the other in a folder, to try `watch`. */
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EwbError } from "../model/errors.ts";
import { cacheFolder } from "../runtime/folders.ts";
import { sampleArrivals } from "../runtime/sampleArrivals.ts";
import { ensureSample } from "../runtime/sampleData.ts";

export interface SampleFlags {
  readonly arrive: boolean;
  /** Milliseconds between two inits. */
  readonly every: number;
  /** So many arrive; absent: all. */
  readonly inits?: number;
  readonly out: string;
}

interface Streams {
  readonly out: Pick<NodeJS.WriteStream, "write">;
  readonly err: Pick<NodeJS.WriteStream, "write">;
}

export const sampleCommand = async (
  { arrive, every, inits, out: folder }: SampleFlags,
  { out, err }: Streams,
): Promise<number> => {
  const onMake = (made: string) => err.write(`making the sample, once, in ${made} (35 MB)\n`);
  const { folder: sample } = await ensureSample(cacheFolder(), { onMake });
  if (!arrive) {
    out.write(`${sample}\n`);
    return 0;
  }
  const arrivals = await sampleArrivals(sample, resolve(folder));
  const most = inits ?? arrivals.inits;
  if (most > arrivals.inits)
    throw new EwbError("Options", `--inits ${most}: the sample has ${arrivals.inits}`);
  out.write(
    `watch it from another terminal:\n  ewb watch pipelines/heatwave.ts --data ${join(folder, "data.yaml")}\n`,
  );
  for (let there = 0; there < most; ) {
    if (there > 0) await sleep(every);
    there = await arrivals.next();
    out.write(`init ${there} of ${most} has arrived\n`);
  }
  return 0;
};
