/** How many cases of a family were compared, and what was left out by which rule. */
export class Tally {
  readonly #name: string;
  readonly #cases = new Map<string, { compared: boolean; readonly left: Set<string> }>();

  constructor(name: string) {
    this.#name = name;
  }

  #of(id: string) {
    const known = this.#cases.get(id) ?? { compared: false, left: new Set<string>() };
    this.#cases.set(id, known);
    return known;
  }

  compared(id: string): void {
    this.#of(id).compared = true;
  }

  /** Something of a case (or all of it) has nothing to be compared with, by a rule. */
  leftOut(id: string, rule: string): void {
    this.#of(id).left.add(rule);
  }

  /** `name: X of Y cases; left out: rule (n: ids), …`. */
  text(): string {
    const rules = new Map<string, string[]>();
    for (const [id, { compared, left }] of this.#cases) {
      for (const rule of left) {
        rules.set(rule, [...(rules.get(rule) ?? []), compared ? `${id} in part` : id]);
      }
    }
    const compared = [...this.#cases.values()].filter((one) => one.compared).length;
    const some = (ids: readonly string[]) =>
      ids.length <= 4 ? ids.join(", ") : `${ids.slice(0, 3).join(", ")}, …`;
    const left = [...rules].map(([rule, ids]) => `${rule} (${ids.length}: ${some(ids)})`);
    return `${this.#name}: ${compared} of ${this.#cases.size} cases${left.length > 0 ? `; left out: ${left.join("; ")}` : ""}`;
  }
}
