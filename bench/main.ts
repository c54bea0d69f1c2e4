/**
 * `npm run bench`: what the product costs, as ratios against a plain baseline of the same run on the same machine.
 * Without a name: what needs neither Python nor large stores. With one, e.g. `npm run bench -- peer STORES`, that group
 * (each with its own options, see the file of that name). Results also go to `bench/results/`, with the machine's name.
 */
import { amplification } from "./amplification.ts";
import { baseline } from "./baseline.ts";
import { codecs } from "./codecs.ts";
import { coordinator } from "./coordinator.ts";
import { group } from "./group.ts";
import { http } from "./http.ts";
import { kernels } from "./kernels.ts";
import { ledger } from "./ledger.ts";
import { memory } from "./memory.ts";
import { metrics } from "./metrics.ts";
import { opening } from "./opening.ts";
import { parquet } from "./parquet.ts";
import { peer } from "./peer.ts";
import { watch } from "./watch.ts";

const groups: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  amplification,
  baseline,
  codecs,
  coordinator,
  group,
  http,
  kernels,
  ledger,
  memory,
  metrics,
  opening,
  parquet,
  peer,
  watch,
};
const usual = ["baseline", "codecs", "kernels", "http", "opening", "amplification", "parquet"];

const [name, ...args] = process.argv.slice(2);
const names = name === undefined ? usual : [name];
const unknown = names.find((one) => !Object.hasOwn(groups, one));
if (unknown !== undefined) {
  console.error(`no bench "${unknown}": expected ${Object.keys(groups).join(", ")}`);
  process.exitCode = 2;
} else {
  for (const one of names) await groups[one]!(args);
}
