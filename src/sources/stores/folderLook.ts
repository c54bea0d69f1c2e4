/**
 * Which of some files are there, and in which version. Where very many lie in one folder it is listed first, and only
 * what it has is looked up; where looking up is slow, it is for less. As with reading, a look-up that is quick (the machine knows it) is faster done here than handed to
 * another thread; once it is not, others do it.
 */
import { type Stats, statSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Found } from "../../model/watch.ts";
import type { LookOptions } from "./store.ts";
import { storeFault } from "./storeFault.ts";

/** So many in one folder are worth a listing: where looking up is quick, and where it is slow. */
const [veryMany, many] = [2048, 16];
/** Files between two turns of the event loop, and the milliseconds they may take to be quick. */
const [batch, quick] = [256, 25];

/** @param now milliseconds of a steady clock */
export const folderLook = async (
  address: string,
  path: string,
  keys: readonly string[],
  list: (folder: string) => Promise<readonly string[]>,
  { signal, count }: LookOptions,
  now: () => number = () => performance.now(),
): Promise<ReadonlyMap<string, Found>> => {
  const folders = new Map<string, string[]>();
  for (const key of new Set(keys)) {
    const folder = key.slice(0, Math.max(0, key.lastIndexOf("/")));
    const inside = folders.get(folder);
    if (inside === undefined) folders.set(folder, [key]);
    else inside.push(key);
  }
  const found = new Map<string, Found>();
  const see = (key: string, stats: Stats | undefined) => {
    if (stats === undefined || stats.isDirectory()) return;
    const { size, mtimeMs } = stats;
    found.set(key, { version: `${size}:${mtimeMs}` });
  };
  const failed = (key: string, error: unknown): undefined => {
    const { code } = error as { code?: string };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw storeFault(address, key, `${code} found, a file that can be looked at expected`, error);
  };
  let isQuick = true;
  const lookUp = async (some: readonly string[]) => {
    signal?.throwIfAborted();
    count?.(0, some.length);
    if (isQuick) {
      const began = now();
      for (const key of some) {
        try {
          see(key, statSync(join(path, key), { throwIfNoEntry: false }));
        } catch (error) {
          failed(key, error);
        }
      }
      isQuick = now() - began <= quick;
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    const all = await Promise.all(
      some.map((key) => stat(join(path, key)).catch((error: unknown) => failed(key, error))),
    );
    for (const [i, key] of some.entries()) see(key, all[i]);
  };
  let few: string[] = [];
  for (const [folder, inside] of folders) {
    let there = inside;
    if (inside.length >= (isQuick ? veryMany : many)) {
      const names = new Set(await list(folder));
      there = inside.filter((key) => names.has(key.slice(key.lastIndexOf("/") + 1)));
    }
    for (const key of there) {
      few.push(key);
      if (few.length < batch) continue;
      await lookUp(few);
      few = [];
    }
  }
  if (few.length > 0) await lookUp(few);
  return found;
};
