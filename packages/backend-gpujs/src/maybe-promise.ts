import type { MaybePromise } from '@tensorloom/runtime';

/** `f` of what is there now or comes later. */
export const chain = <A, B>(value: MaybePromise<A>, f: (value: A) => MaybePromise<B>): MaybePromise<B> =>
  value instanceof Promise ? value.then(f) : f(value);

/** All of several things that are there now or come later; a promise only when one of them is. */
export const all = <A>(values: readonly MaybePromise<A>[]): MaybePromise<readonly A[]> => {
  const ready = values.filter((v): v is A => !(v instanceof Promise));
  return ready.length === values.length ? ready : Promise.all(values);
};
