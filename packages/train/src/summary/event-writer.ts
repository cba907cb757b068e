import { Graph, NDArray } from '@tensorloom/graph';
import { type LogEvent, type SessionLog, encodeEvent } from './event-message.js';
import { graphForDisplay } from './graph-for-display.js';
import { record } from './record.js';

/** The record that begins a file. */
export const firstRecord = (): Uint8Array => record(encodeEvent({ fileVersion: 'brain.Event:2' }));

/** Writes events, wherever a subclass puts their records. */
export abstract class EventWriter {
  protected abstract append(bytes: Uint8Array): void;

  /**
   * Adds a summary, as a run gave it, of a step: a number, or the fetched value of a global step. Throws `TypeError` at anything else.
   * TensorFlow: `FileWriter.add_summary`.
   */
  addSummary(summary: Uint8Array, globalStep: number | NDArray = 0): void {
    if (!(summary instanceof Uint8Array))
      throw new TypeError(
        'addSummary: expected the bytes that a run of a summary gives. Run the summary in a session.',
      );
    this.addEvent({ summary, step: numberOf(globalStep) });
  }

  /**
   * Adds what became of the session. Of a folder in which training started again at a step, TensorBoard forgets what came from that step on
   * before. TensorFlow: `FileWriter.add_session_log`.
   */
  addSessionLog(sessionLog: SessionLog, globalStep: number | NDArray = 0): void {
    this.addEvent({ sessionLog, step: numberOf(globalStep) });
  }

  /** Adds a graph for TensorBoard to draw: one of this process, or the bytes of a `GraphDef`. TensorFlow: `FileWriter.add_graph`. */
  addGraph(graph: Graph | Uint8Array): void {
    this.addEvent({ graphDef: graph instanceof Graph ? graphForDisplay(graph) : graph });
  }

  /** Adds an event. Throws `TypeError` when its step is no integer. TensorFlow: `FileWriter.add_event`. */
  addEvent(event: LogEvent): void {
    const { step = 0 } = event;
    if (!Number.isSafeInteger(step)) throw new TypeError(`addEvent: the step is ${step}, expected an integer.`);
    this.append(record(encodeEvent(event)));
  }
}

const numberOf = (step: number | NDArray): number => (step instanceof NDArray ? step.item() : step);
