/**
 * How the budget of a run is divided among its workers. Each holds a lease: bytes its own ledger may admit. Leases are
 * equal and stay, for a worker that has to give bytes back loses its buffers and its cache; they move only for a
 * reason:
 *
 * - a worker waits with a unit that is larger than its lease: it gets what it needs, in the order in which workers
 *   began to wait; the others shrink until it fits. One that needs more than there is (the budget fell meanwhile) goes
 *   on alone;
 * - a worker has nothing to do: its lease goes to those that have;
 * - the budget changed.
 *
 * A lease grows only by bytes that are really free: a worker whose lease was lowered counts with the old one until it
 * says that it has the new one, and with what it holds until it says that it holds less. So the leases in force never
 * add up to more than the budget.
 */
export interface LeaseReport {
  /** The lease it goes by. */
  readonly limit: number;
  /** Bytes that cannot go now: units in work, states. */
  readonly held: number;
  /** Bytes that would be held if the first unit that waits were the only one; 0: none waits. */
  readonly needed: number;
  /** Bytes the worker really has: held, cached, and buffers that are free. */
  readonly resident: number;
  /** Units in work, and units that wait. */
  readonly admitted: number;
  readonly waiting: number;
}

interface Member extends LeaseReport {
  readonly lease: number;
  /** The largest lease it may still go by. */
  readonly granted: number;
  /** When it began to wait for more than its lease: a count; 0: it does not. */
  readonly blocked: number;
  /** The same in milliseconds. */
  readonly since: number;
  /** It has reported something. */
  readonly isKnown: boolean;
}

const nothing = {
  limit: 0,
  held: 0,
  needed: 0,
  resident: 0,
  admitted: 0,
  waiting: 0,
  blocked: 0,
  since: 0,
  isKnown: false,
};
/** Smaller changes, as a share of the budget, are not worth what they cost the worker. */
const least = 0.05;

export class Leases {
  readonly #members = new Map<number, Member>();
  readonly #patience: number;
  readonly #now: () => number;
  #total: number;
  #order = 0;

  /**
   * @param total bytes
   * @param patience milliseconds a worker waits before bytes are taken from one that is at work: where two large units
   *   do not fit side by side, a lease that changed hands with every unit would cost each of them its buffers
   */
  constructor(total: number, { patience = 0, now = (): number => 0 } = {}) {
    this.#total = total;
    this.#patience = patience;
    this.#now = now;
  }

  get total(): number {
    return this.#total;
  }

  /** Bytes in force: leases, and what workers hold beyond theirs. */
  get committed(): number {
    let sum = 0;
    for (const member of this.#members.values()) sum += committed(member);
    return sum;
  }

  resize(total: number): void {
    this.#total = total;
  }

  join(id: number): void {
    this.#members.set(id, { ...nothing, lease: 0, granted: 0 });
  }

  /** A worker that is gone, and its lease with it. */
  leave(id: number): void {
    this.#members.delete(id);
  }

  report(id: number, said: LeaseReport): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    // Leases are whole bytes: one that lacked a fraction would be too small for ever.
    const report = { ...said, needed: Math.ceil(said.needed) };
    const blocked = report.needed > member.lease ? member.blocked || ++this.#order : 0;
    const since = blocked > 0 && member.blocked === 0 ? this.#now() : member.since;
    const granted = report.limit === member.lease ? member.lease : member.granted;
    this.#members.set(id, { ...member, ...report, granted, blocked, since, isKnown: true });
  }

  /** Leases that change now, by worker. */
  changes(): ReadonlyMap<number, number> {
    const changed = new Map<number, number>();
    const set = (id: number, member: Member, lease: number) => {
      const blocked = member.needed > lease ? member.blocked : 0;
      this.#members.set(id, { ...member, lease, granted: Math.max(member.granted, lease), blocked });
      changed.set(id, lease);
    };
    const targets = this.#targets();
    const worth = this.#total * least;
    const isBlocked = [...this.#members.values()].some(({ blocked }) => blocked > 0);
    const tolerated = isBlocked ? 0 : worth;
    const [waiting] = this.#inOrder();
    const isPatient = isBlocked && this.#now() - waiting![1].since < this.#patience;
    const isAsked =
      isBlocked || [...this.#members].some(([id, { lease }]) => targets.get(id)! > lease + worth);
    const isOver = [...this.#members.values()].reduce((sum, { lease }) => sum + lease, 0) > this.#total;
    for (const [id, member] of this.#members) {
      const target = targets.get(id)!;
      // One that was raised is lowered when it has said that it knows: else it could not be told what it goes by.
      if (!isTold(member) || target >= member.lease) continue;
      if (isOver) set(id, member, target);
      else if (isPatient && member.admitted > 0) continue;
      else if (isAsked && target < member.lease - tolerated) set(id, member, target);
    }
    let free = this.#total - this.committed;
    for (const [id, member] of this.#inOrder()) {
      // What it has beyond its lease (a cache, free buffers) is charged already, and makes way for its own units.
      const beyond = committed(member) - member.lease;
      const more = Math.min(targets.get(id)! - member.lease, free + beyond);
      const serves = member.blocked > 0 && member.lease + more >= member.needed;
      if (more <= 0 || (more < worth && !serves)) continue;
      set(id, member, member.lease + more);
      free -= Math.max(0, more - beyond);
    }
    const [first] = this.#inOrder();
    if (first !== undefined && this.#isStuck(...first)) set(...first, first[1].needed);
    return changed;
  }

  /** Whether nothing is in work anywhere and no division serves the first worker that waits. */
  #isStuck(id: number, { blocked, needed, lease }: Member): boolean {
    if (blocked === 0 || needed <= lease) return false;
    for (const member of this.#members.values()) {
      if (member.admitted > 0 || !isTold(member)) return false;
    }
    return this.committed - committed(this.#members.get(id)!) + needed > this.#total;
  }

  /** Those that wait longest first, then the others. */
  #inOrder(): [number, Member][] {
    return [...this.#members].sort(
      ([a, { blocked: x }], [b, { blocked: y }]) =>
        (x || Number.POSITIVE_INFINITY) - (y || Number.POSITIVE_INFINITY) || a - b,
    );
  }

  /** What each worker should have: equal shares of the busy ones, and more for those that need more. */
  #targets(): Map<number, number> {
    const ordered = this.#inOrder();
    const isBusy = ({ admitted, waiting, isKnown }: Member) => admitted > 0 || waiting > 0 || !isKnown;
    const busy = ordered.filter(([, member]) => isBusy(member));
    const sharing = busy.length > 0 ? busy : ordered;
    const targets = new Map(ordered.map(([id, { held }]) => [id, Math.min(held, this.#total)]));
    for (const [id] of sharing) targets.set(id, this.#total / sharing.length);
    const [first] = ordered;
    if (first !== undefined && first[1].blocked > 0) {
      const [id, { needed }] = first;
      const mine = Math.max(targets.get(id)!, Math.min(needed, this.#total));
      targets.set(id, mine);
      const others = [...targets].filter(([other]) => other !== id);
      const rest = others.reduce((sum, [, bytes]) => sum + bytes, 0);
      const scale = rest > 0 ? Math.min(1, (this.#total - mine) / rest) : 0;
      for (const [other, bytes] of others) targets.set(other, bytes * scale);
    }
    return new Map([...targets].map(([id, bytes]) => [id, Math.floor(bytes)]));
  }
}

const committed = ({ granted, resident }: Member): number => Math.max(granted, resident);
/** Whether it goes by its lease. */
const isTold = ({ limit, lease }: Member): boolean => limit === lease;
