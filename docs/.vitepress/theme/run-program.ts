import { transform } from 'sucrase';
import * as tl from 'tensorloom';

/** What programs of the pages may import. */
const modules: Readonly<Record<string, unknown>> = { tensorloom: tl };

type Program = (require: (name: string) => unknown, exports: object, console: Pick<Console, 'log'>) => Promise<void>;
/** The constructor of functions that may wait, which has no name. */
const { constructor: AsyncFunction } = (async () => undefined) as unknown as {
  readonly constructor: new (...parametersAndBody: readonly string[]) => Program;
};

/**
 * Runs a TypeScript program, types left out, in a graph of its own; `log` gets each line that it prints. Rejects with what the program throws,
 * and with a `TypeError` when it imports anything but `tensorloom`.
 */
export async function runProgram(source: string, log: (line: string) => void): Promise<void> {
  const { code } = transform(source, { transforms: ['typescript', 'imports'], disableESTransforms: true });
  const require = (name: string): unknown => {
    const found = modules[name];
    if (found === undefined) throw new TypeError(`A page's program cannot import '${name}', expected 'tensorloom'.`);
    return found;
  };
  tl.resetDefaultGraph();
  await new AsyncFunction('require', 'exports', 'console', code)(
    require,
    {},
    {
      log: (...values: unknown[]) => {
        log(values.map(String).join(' '));
      },
    },
  );
}
