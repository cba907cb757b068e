import { expect, onTestFinished, test } from 'vitest';
import { startPeer } from '../src/peer.js';

const script = `
  console.log(JSON.stringify({ versions: { fake: '1' }, losses: [3, 2, 1] }));
  require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
    if (line === 'memory') console.log(12.5);
    else if (line === '0') process.exit();
    else console.log(JSON.stringify(Array(Number(line)).fill(7)));
  });
`;

test('a peer tells of itself, of its steps and of its memory', async () => {
  const peer = await startPeer(process.execPath, ['-e', script]);
  if (peer === null) throw new Error('expected a peer');
  onTestFinished(() => peer.close());
  expect(peer.about).toEqual({ versions: { fake: '1' }, losses: [3, 2, 1] });
  expect(await peer.steps(3)).toEqual([7, 7, 7]);
  expect(await peer.memory()).toBe(12.5);
  await expect(peer.steps(0)).rejects.toThrow('the process has ended');
});

test('there is none where the program is missing, or ends at once', async () => {
  expect(await startPeer('tensorloom-no-such-program', [])).toBeNull();
  expect(await startPeer(process.execPath, ['-e', ''])).toBeNull();
});
