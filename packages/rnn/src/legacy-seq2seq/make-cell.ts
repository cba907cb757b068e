import { type Structure, refuse } from '@tensorloom/graph';
import type { Cell } from '../cell.js';

/** Makes a cell, a new one each time: TensorFlow copies the cell it is given, so that encoder and decoder have variables of their own. */
export type MakeCell<S extends Structure> = () => Cell<S>;

/** Throws when it is given a cell. */
export function checkMaker(what: string, makeCell: unknown): void {
  if (typeof makeCell === 'function') return;
  refuse(
    what,
    'expected a function that makes a cell, as encoder and decoder need one each, got an object. Pass () => new GRUCell(...), say.',
  );
}
