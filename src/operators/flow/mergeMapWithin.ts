import { mergeMap, type ObservableInput, type OperatorFunction } from "rxjs";
import type { Asker, Budget } from "../../model/budget.ts";
import type { Cost } from "../../model/chunk.ts";

/**
 * `mergeMap` whose concurrency is whatever the budget admits now, instead of a number.
 *
 * @param budget usually `run.budget`
 * @param costOf bytes the work on a value holds at once, from metadata, before anything is read; or bytes of its own
 *   and store chunks, which are charged once however many values share them
 * @param work runs while the bytes are held; they are given back when what it returns is over
 * @param askerOf what a value is called where it is said who holds and who waits
 * @throws `OverBudget` where one value needs more than the budget; `NestedBudget` inside other work of the budget
 * @example refs.pipe(mergeMapWithin(run.budget, (ref) => ref.bytes, (ref) => from(load(ref))))
 */
export const mergeMapWithin = <T, R>(
  budget: Budget,
  costOf: (value: T) => number | Cost,
  work: (value: T, index: number) => ObservableInput<R>,
  askerOf?: (value: T) => Asker,
): OperatorFunction<T, R> =>
  mergeMap((value, index) => budget.use(costOf(value), () => work(value, index), askerOf?.(value)));
