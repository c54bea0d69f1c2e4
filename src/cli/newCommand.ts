import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { EwbError } from "../model/errors.ts";

/** Writes a pipeline to start from; never over an existing file. */
export const newCommand = async (path: string, out: NodeJS.WriteStream): Promise<number> => {
  if (!/\.(ts|mts|js|mjs)$/.test(path)) {
    throw new EwbError("Options", `ewb new ${path}: expected a file name that ends in .ts (or .js)`);
  }
  const name = basename(path).replace(/\.[^.]+$/, "");
  try {
    await writeFile(path, /\.m?js$/.test(path) ? withoutTypes(template(name)) : template(name), {
      flag: "wx",
    });
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === "EEXIST"
        ? "there is a file of that name"
        : (cause as Error).message;
    throw new EwbError("Options", `${path} was not written: ${why}`, {}, { cause });
  }
  out.write(`${path}: run it with "ewb stream ${path}", or see what it would read with "ewb plan ${path}"\n`);
  return 0;
};

/** The same in JavaScript: the types stand in a comment. */
const withoutTypes = (text: string): string =>
  text
    .replace(", type Run", "")
    .replace("export default (run: Run)", '/** @param {import("ewb").Run} run */\nexport default (run)');

const template = (name: string): string => `/** What does this pipeline find out? */
import { cases, eachCase, pairs, score, writeParquet, type Run } from "ewb";
import { meanError, rootMeanSquaredError } from "ewb/metrics";
import { concatMap, from } from "rxjs";

export default (run: Run) => {
  const forecasts = run.sources("forecast", { surface_air_temperature: "K" });
  const targets = run.sources("target", { surface_air_temperature: "K" });
  return cases(run, { eventType: "heat_wave" }).pipe(
    eachCase(run, (event) =>
      from(forecasts).pipe(
        concatMap((forecast) =>
          pairs(run, event, { forecast, targets, variables: ["surface_air_temperature"] }).pipe(
            score(
              run,
              meanError("surface_air_temperature"),
              rootMeanSquaredError("surface_air_temperature"),
            ),
          ),
        ),
      ),
    ),
    writeParquet(run, "${name}.parquet"),
  );
};
`;
