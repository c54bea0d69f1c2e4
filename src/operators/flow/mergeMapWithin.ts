import { mergeMap, type ObservableInput, type OperatorFunction } from "rxjs";
import type { Budget } from "../../model/budget.ts";

/**
 * `mergeMap` whose concurrency is whatever the budget admits now, instead of a number.
 *
 * @param budget usually `run.budget`
 * @param bytesOf bytes the work on a value holds at once, from metadata, before anything is read
 * @param work runs while the bytes are held; they are given back when what it returns is over
 * @throws `OverBudget` where one value needs more than the budget; `NestedBudget` inside other work of the budget
 * @example refs.pipe(mergeMapWithin(run.budget, (ref) => ref.bytes, (ref) => from(load(ref))))
 */
export const mergeMapWithin = <T, R>(
  budget: Budget,
  bytesOf: (value: T) => number,
  work: (value: T, index: number) => ObservableInput<R>,
): OperatorFunction<T, R> => mergeMap((value, index) => budget.use(bytesOf(value), () => work(value, index)));
