import { dirname } from 'node:path';
import { reference } from '@tensorloom/backend-reference';
import { constant, variable } from '@tensorloom/graph';
import { Session } from '@tensorloom/runtime';
import { Saver, latestCheckpoint } from '@tensorloom/train';

/** Elements of the variable that is saved. */
export const size = 2 ** 16;

/** Goes on from the latest checkpoint: saves a variable that holds the number of the step, and says so, until it is killed. */
async function saveOnAndOn(path: string): Promise<never> {
  const session = new Session({ backend: reference() });
  const v = variable(() => constant(0, { shape: [size], dtype: 'int32' }), { name: 'v' });
  const saver = new Saver({ maxToKeep: 2 });
  const latest = await latestCheckpoint(dirname(path));
  if (latest === null) await session.run(v.initializer);
  else await saver.restore(session, latest);
  const next = v.assign(v.add(1));
  for (;;) {
    const globalStep = (await session.run(next)).data[0];
    await saver.save(session, path, { globalStep });
    process.stdout.write(`${globalStep}\n`);
  }
}

const [, program, path] = process.argv;
// Imported by a test, it only tells the size.
if (program.endsWith('child.mjs')) await saveOnAndOn(path);
