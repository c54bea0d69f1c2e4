/** How many cases were compared, by group, and what was left out by which rule. */
export class Tally {
  readonly #name: string;
  readonly #cases = new Map<
    string,
    { readonly group: string; compared: boolean; readonly left: Set<string> }
  >();

  constructor(name: string) {
    this.#name = name;
  }

  /** A case there is; `group`: what it is counted under. */
  add(id: string, group: string): void {
    if (!this.#cases.has(id)) this.#cases.set(id, { group, compared: false, left: new Set() });
  }

  compared(id: string): void {
    this.#cases.get(id)!.compared = true;
  }

  /** Something of a case (or all of it) has nothing to be compared with, by a rule like `metric X`. */
  leftOut(id: string, rule: string): void {
    this.#cases.get(id)!.left.add(rule);
  }

  /** `name: X of Y cases (by group); left out: …`; a case compared in part is among both. */
  text(): string {
    const all = [...this.#cases.values()];
    const share = (some: typeof all) => `${some.filter(({ compared }) => compared).length} of ${some.length}`;
    const groups = [...new Set(all.map(({ group }) => group))];
    const parts = groups.map((group) => `${group} ${share(all.filter((one) => one.group === group))}`);
    return `${this.#name}: ${share(all)} cases (${parts.join(", ")})${this.#leftText()}`;
  }

  #leftText(): string {
    const rules = new Map<string, string[]>();
    for (const [id, { compared, left }] of this.#cases) {
      for (const rule of left) rules.set(rule, [...(rules.get(rule) ?? []), compared ? `${id} in part` : id]);
    }
    const kinds = new Map<string, string[]>();
    for (const [rule, ids] of rules) {
      const [kind, ...name] = rule.split(" ");
      const isNamed = name.length === 1;
      const key = isNamed ? kind! : rule;
      const text = isNamed ? `${name[0]} ${ids.length}` : ids.join(", ");
      kinds.set(key, [...(kinds.get(key) ?? []), text]);
    }
    const texts = [...kinds].map(([kind, names]) => `\n  ${kind}: ${names.join(", ")}`);
    return texts.length === 0 ? "" : `; left out:${texts.join("")}`;
  }
}
