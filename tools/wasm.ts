/**
 * `npm run wasm [-- NAME ...]`: compiles `assembly/NAME/index.ts` (AssemblyScript, SIMD) to
 * `src/kernels/wasm/NAME.code.ts`, which holds the module as text, so that the program needs no file beside its own.
 * What it writes is committed; `test/package/wasm.test.ts` compiles again and compares.
 *
 * All modules import their memory, and the constants of each lie in a place of their own, so that several can work in
 * one memory.
 */
import { readdirSync, writeFileSync } from "node:fs";
import asc from "assemblyscript/asc";
import { constantsBytes, constantsEnd } from "../src/kernels/wasm/engine.ts";

/** Names of the folders in `assembly`. */
export const modules = (): readonly string[] =>
  readdirSync("assembly", { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );

/** Its constants must come first: its tables hold addresses in 16 bits. */
const lowest = "zstd";

/** Where the constants of a module begin; the first KiB stays empty. */
const memoryBase = (name: string): number => {
  const others = modules().filter((one) => one !== lowest);
  const base = 1024 + (others.indexOf(name) + 1) * constantsBytes;
  if (base > constantsEnd) throw new Error(`assembly/${name}: no place is left for its constants`);
  return base;
};

/** The text of `NAME.code.ts`; throws with the compiler's words. */
export const compile = async (name: string): Promise<string> => {
  let code: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [
      `assembly/${name}/index.ts`,
      ...[
        "--outFile",
        `${name}.wasm`,
        "-O3",
        "--converge",
        "--noAssert",
        "--runtime",
        "stub",
        "--use",
        "abort=",
      ],
      ...["--enable", "simd", "--enable", "bulk-memory", "--enable", "threads"],
      ...["--importMemory", "--sharedMemory", "--maximumMemory", "65536"],
      ...["--memoryBase", `${memoryBase(name)}`],
    ],
    {
      writeFile: (file, contents) => {
        if (file.endsWith(".wasm")) code = contents as Uint8Array;
      },
    },
  );
  if (error !== null || code === undefined)
    throw new Error(`assembly/${name}: ${stderr.toString()}${error ?? ""}`);
  const text = Buffer.from(code).toString("base64");
  return `/** Made of assembly/${name} by \`npm run wasm\`: do not change by hand. */\nexport const code =\n  "${text}";\n`;
};

if (process.argv[1]?.endsWith("wasm.ts")) {
  const named = process.argv.slice(2);
  for (const name of named.length > 0 ? named : modules()) {
    writeFileSync(`src/kernels/wasm/${name}.code.ts`, await compile(name));
  }
}
