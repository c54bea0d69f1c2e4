import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { keepCompiled } from "../../src/runtime/compileCache.ts";

describe("compiled code of an earlier run", () => {
  test("is nothing that an older Node has", () => {
    const env = {};
    keepCompiled("cache", env, {});
    expect(env).toEqual({});
  });

  test("is asked for with the flags that the run will have: V8 takes no other", () => {
    let collects: unknown;
    const enableCompileCache = () => {
      collects = runInNewContext("typeof globalThis.gc");
      return {};
    };
    expect(runInNewContext("typeof globalThis.gc")).toBe("undefined");
    keepCompiled("cache", {}, { enableCompileCache });
    expect(collects).toBe("function");
  });

  test("is found by workers, too, where the user has named no folder", () => {
    const asked: string[] = [];
    const enableCompileCache = (folder: string) => {
      asked.push(folder);
      return { directory: `${folder}/v24` };
    };
    const env: NodeJS.ProcessEnv = {};
    keepCompiled("cache", env, { enableCompileCache });
    expect(env).toEqual({ NODE_COMPILE_CACHE: "cache" });
    const named = { NODE_COMPILE_CACHE: "mine" };
    keepCompiled("cache", named, { enableCompileCache });
    expect(named).toEqual({ NODE_COMPILE_CACHE: "mine" });
    expect(asked).toEqual(["cache", "cache"]);
  });

  test("is not looked for where its folder cannot be made", () => {
    const env = {};
    keepCompiled("cache", env, { enableCompileCache: () => ({}) });
    expect(env).toEqual({});
  });
});
