import { homedir } from "node:os";
import { join } from "node:path";

/** The user's cache folder for ewb: `EWB_CACHE`, or what the platform says. */
export const cacheFolder = (): string => {
  const { env, platform } = process;
  if (env.EWB_CACHE) return env.EWB_CACHE;
  if (platform === "win32")
    return join(env.LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "ewb", "cache");
  if (platform === "darwin") return join(homedir(), "Library", "Caches", "ewb");
  return join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "ewb");
};
