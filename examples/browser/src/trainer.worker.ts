import { serveTrainer } from './trainer.js';

// The page sends one message, with the port over which it will talk to the trainer.
addEventListener('message', ({ ports: [port] }) => serveTrainer(port), { once: true });
