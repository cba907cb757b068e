import { makeDefault } from '@tensorloom/graph';
import { Session, type SessionOptions } from './session.js';

/**
 * A session that is the default one of its graph until it is closed: `tensor.eval()` and `op.run()` happen in it. Of several, the
 * latest counts; when it is closed, the one before does again. TensorFlow: `tf.InteractiveSession`.
 */
export class InteractiveSession extends Session {
  readonly #end: () => void;

  constructor(options: SessionOptions = {}) {
    super(options);
    this.#end = makeDefault(this);
  }

  override close(): void {
    this.#end();
    super.close();
  }
}
