/** Options whose values may be secrets: the command line is told in results and by the run. */
const secret = /^(--webhook|--on-new-rows)(=|$)/;

/**
 * A command line as it may be told.
 *
 * @example toldCommand(["watch", "a.ts", "--webhook", "https://host/key"]) // "ewb watch a.ts --webhook …"
 */
export const toldCommand = (words: readonly string[]): string => {
  const told = words.map((word, i) => {
    const [, option, sign] = secret.exec(word) ?? [];
    if (sign === "=") return `${option}=…`;
    return secret.exec(words[i - 1] ?? "")?.[2] === "" ? "…" : word;
  });
  return ["ewb", ...told].join(" ");
};
