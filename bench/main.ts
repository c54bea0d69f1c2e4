/**
 * `npm run bench`: what the product costs, as ratios against a plain baseline of the same run on the same machine.
 * `npm run bench -- memory`, `-- group`, `-- peer`, `-- coordinator` (each with its own options, see the
 * file of that name): the memory number. Results also go to `bench/results/`, with the machine's name.
 */
import { baseline } from "./baseline.ts";
import { coordinator } from "./coordinator.ts";
import { group } from "./group.ts";
import { memory } from "./memory.ts";
import { peer } from "./peer.ts";

const groups: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  baseline,
  coordinator,
  group,
  memory,
  peer,
};

const [name = "baseline", ...args] = process.argv.slice(2);
const chosen = Object.hasOwn(groups, name) ? groups[name] : undefined;
if (chosen === undefined) {
  console.error(`no bench "${name}": expected ${Object.keys(groups).join(", ")}`);
  process.exitCode = 2;
} else {
  await chosen(args);
}
