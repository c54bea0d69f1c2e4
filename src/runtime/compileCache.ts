/**
 * Compiled code from one run to the next, where Node keeps it (22.8 and later): a third less time before work begins.
 * Workers, threads and processes, find the folder in their environment. V8 takes only what was compiled with the same
 * flags, so the one that `collector` will set is set before.
 */
import * as nodeModule from "node:module";
import { setFlagsFromString } from "node:v8";

/** What the types of Node 20 do not know. It says how it went and never throws. */
type EnableCompileCache = (folder: string) => { readonly directory?: string };

/**
 * To be called before what is to be loaded fast. A folder that cannot be written to is as good as none.
 *
 * @example keepCompiled(join(cacheFolder(), "compiled"), process.env);
 */
export const keepCompiled = (
  folder: string,
  env: NodeJS.ProcessEnv,
  { enableCompileCache }: { readonly enableCompileCache?: EnableCompileCache } = nodeModule as object,
): void => {
  if (enableCompileCache === undefined) return;
  setFlagsFromString("--expose-gc");
  if (enableCompileCache(folder).directory !== undefined) env.NODE_COMPILE_CACHE ??= folder;
};
