/** Where `ewb` begins: code compiled by an earlier run is looked for before the program is loaded. */
import { join } from "node:path";
import { keepCompiled } from "../runtime/compileCache.ts";
import { cacheFolder } from "../runtime/folders.ts";
import { optimizeLate } from "../runtime/optimizeLate.ts";

optimizeLate();
keepCompiled(join(cacheFolder(), "compiled"), process.env);
void import("./main.ts");
