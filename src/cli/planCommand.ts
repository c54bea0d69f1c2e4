import type { RunOptions } from "../runtime/options.ts";
import { plan } from "../runtime/planPipeline.ts";
import { planText } from "./planText.ts";

/** Says what a pipeline would read. Exit code 1 where something of it would fail. */
export const planCommand = async (
  file: string,
  options: RunOptions,
  json: boolean,
  out: NodeJS.WriteStream,
): Promise<number> => {
  const planned = await plan(file, options);
  const asked = options.workers === undefined ? "cores - 1" : "--workers";
  out.write(
    json ? `${JSON.stringify(planned)}\n` : planText(planned, Math.min(100, out.columns ?? 100), asked),
  );
  return planned.failures.length > 0 ? 1 : 0;
};
