import { check, checkNumerics } from '@tensorloom/graph';
import { rulesOf } from '../rule.js';

/** Gradients of the ops that look at values: those of the values, which pass unchanged. */
export const checkRules = rulesOf(check, {
  assert: null,
  checkNumerics: ({ attrs: { message } }, dy) => [checkNumerics(dy, `${message}, gradient`)],
  print: ({ inputs: [, ...data] }, dy) => [dy, ...data.map(() => null)],
});
