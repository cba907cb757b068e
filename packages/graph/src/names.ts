/** The unique names of a graph and the scope new ones go under, by TensorFlow's rules: `MatMul`, `MatMul_1`, `layer/MatMul`. */
export class Names {
  /** The current scope without a trailing slash; empty at the top. */
  scope = '';
  readonly #used = new Map<string, number>();

  /** The names that are taken, in lower case, with the number that each goes on from. */
  get used(): ReadonlyMap<string, number> {
    return this.#used;
  }

  /** Takes names as another graph's `used` had them. */
  take(used: Iterable<readonly [string, number]>): void {
    for (const [name, next] of used) this.#used.set(name, next);
  }

  /** `base` under the current scope, with `_1`, `_2`, ... when it is taken (case does not tell names apart). */
  unique(base: string): string {
    const name = this.scope === '' ? base : `${this.scope}/${base}`;
    checkName(name);
    const key = name.toLowerCase();
    let n = this.#used.get(key);
    if (n === undefined) {
      this.#used.set(key, 1);
      return name;
    }
    let numbered: string;
    do numbered = `${name}_${n++}`;
    while (this.#used.has(numbered.toLowerCase()));
    this.#used.set(key, n);
    this.#used.set(numbered.toLowerCase(), 1);
    return numbered;
  }

  /** Runs `build` under scope `name`, which is made unique; a trailing slash enters that scope itself again, an empty name the top. */
  within<T>(name: string, build: () => T): T {
    const outer = this.scope;
    const again = name === '' || name.endsWith('/');
    this.scope = again ? name.slice(0, -1) : this.unique(name);
    try {
      return build();
    } finally {
      this.scope = outer;
    }
  }
}

/** Throws `TypeError` unless `name` is a legal TensorFlow name: letters, digits and `_ . - /`, starting with a letter, digit or dot. */
function checkName(name: string): void {
  if (!/^[A-Za-z0-9.]([A-Za-z0-9_.\-/]*[A-Za-z0-9_.-])?$/.test(name)) {
    throw new TypeError(
      `name: '${name}' is not a legal name, expected letters, digits and _ . - / only, a letter, digit or dot first and no / last. Choose another.`,
    );
  }
}
