/** A contender that runs on Node: `step` computes once and returns the loss, or the last token. */
export interface Contender {
  readonly versions: Readonly<Record<string, string>>;
  step(): number | Promise<number>;
}
