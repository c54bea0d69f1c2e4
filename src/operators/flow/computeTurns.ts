/** Places of units that are computed in one turn of the event loop. */
const places = 65_536;

interface Turn {
  readonly begun: Promise<void>;
  left: number;
  isOver: boolean;
}

/**
 * Units are computed a turn of the event loop each, small ones a few: of many that are ready at once, none keeps a signal
 * waiting.
 */
export class ComputeTurns {
  #last: Turn | undefined;

  /** Resolves when it is the turn of a unit of so many places. */
  next(size: number): Promise<void> {
    const last = this.#last;
    if (last !== undefined && !last.isOver && last.left >= size) {
      last.left -= size;
      return last.begun;
    }
    const before = last === undefined || last.isOver ? Promise.resolve() : last.begun;
    const turn: Turn = {
      begun: before
        .then(() => new Promise((resolve) => setImmediate(resolve)))
        .then(() => {
          turn.isOver = true;
        }),
      left: places - size,
      isOver: false,
    };
    this.#last = turn;
    return turn.begun;
  }
}
